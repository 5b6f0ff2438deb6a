# In which zone people read times, and that reports say it.
load common

east() {
	printf '2026-11-22T10:%s:00.5+08:00 a {"code":9018}\n' 00 01 02 03 >east.log
}

# told OPTION... FILE: the span in the totals.
told() {
	TZ=UTC go -o none "$@"
	head -n 1 err | sed 's/.*), //'
}

@test "the log's own offset: a number, the same in every stamp, and no zone or time was asked for" {
	east
	same "$(told east.log)" '2026-11-22 10:00:00 to 10:03:00 +08:00'
	same "$(told --tz Asia/Tokyo east.log)" '2026-11-22 11:00:00 to 11:03:00 Asia/Tokyo'
	same "$(told --bucket 1h east.log)" '2026-11-22 02:00:00 to 02:03:00 UTC'
	same "$(told --since 2026-11-01 east.log)" '2026-11-22 02:00:00 to 02:03:00 UTC'
	same "$(told --until 2026-12-01 east.log)" '2026-11-22 02:00:00 to 02:03:00 UTC'
	sed 's/+08:00/Z/' east.log >z.log
	same "$(told z.log)" '2026-11-22 10:00:00 to 10:03:00 UTC'
	sed 's/+08:00//' east.log >none.log
	same "$(TZ=UTC told none.log)" '2026-11-22 10:00:00 to 10:03:00 UTC'
	# another in the middle, an hour's change, a stamp without one
	for other in +09:00 Z '' -08:00 +08:30; do
		sed "2s/+08:00/$other/" east.log >mixed.log
		same "$(told mixed.log)" '2026-11-22 02:00:00 to 02:03:00 UTC'
	done
	# a line without a code says nothing, but at the end
	sed '2s/+08:00 a .*/+09:00 a/' east.log >quiet.log
	same "$(told quiet.log)" '2026-11-22 10:00:00 to 10:03:00 +08:00'
	sed '4s/+08:00 a .*/+09:00 a/' east.log >quiet.log
	same "$(told quiet.log)" '2026-11-22 02:00:00 to 01:03:00 UTC'
}

@test "every report for people names the zone, and times stay in the chosen one for programs" {
	east
	for format in text markdown html; do
		TZ=UTC go -r "$format" east.log
		holds out '2026-11-22 10:00:00 to 10:03:00 +08:00'
		lacks out '02:03:00'
		TZ=UTC go -r "$format" --tz +09:00 east.log
		holds out '2026-11-22 11:00:00 to 11:03:00 +09:00'
		TZ=UTC go -r "$format" --tz -03:30 east.log
		holds out '2026-11-21 22:30:00 to 22:33:00 -03:30'
	done
	TZ=UTC go -r json east.log
	holds out '"first": "2026-11-22T02:00:00.500+00:00", "last": "2026-11-22T02:03:00.500+00:00"}'
	holds out '"offsets": ["+08:00"]'
	TZ=UTC go -d a.db -s east.log
	holds out '2026-11-22 02:00:00 to 02:14:59 UTC'
}

@test "neither threads nor pieces matter, and merged reports decide as the whole log does" {
	padding=$(printf '%0600d' 0) # so that there are several pieces
	for other in +08:00 +09:00 Z; do
		for part in 1 2 3; do
			for line in $(seq 2000); do
				echo "2026-11-22T10:0$part:00+08:00 a {\"code\":9018} $line $padding"
			done >"part$part"
		done
		sed -i "777s/+08:00/$other/" part2
		cat part1 part2 part3 >whole
		for jobs in 1 3; do
			"$JGANNOTATE" "-j$jobs" -s whole | tail -n +2 >"whole.$jobs"
			"$JGANNOTATE" "-j$jobs" -r json whole | grep '"offsets"' >>"whole.$jobs"
			"$JGANNOTATE" "-j$jobs" -r json part1 part2 part3 | grep '"offsets"' >>"whole.$jobs"
		done
		cmp whole.1 whole.3
		for part in 1 2 3; do
			"$JGANNOTATE" -r "part$part.json" --label "$part" "part$part"
		done
		"$JGANNOTATE" --merge -r json part[123].json | grep '"offsets"' >merged
		"$JGANNOTATE" -r json whole | grep '"offsets"' | cmp - merged
		same "$("$JGANNOTATE" --merge -s part[123].json | grep '^  9018.*2026')" \
			"$("$JGANNOTATE" -s whole | grep '^  9018.*2026' | sed 's/whole:1/part1:1/')"
	done
	same "$(cat merged)" '  "offsets": null,'
	TZ=UTC go --merge -s --tz UTC part1.json
	holds out '2026-11-22 02:01:00 UTC'
	# reports of before do not tell
	sed '/"offsets"/d' part1.json >old.json
	of_before old.json
	TZ=UTC go --merge -s old.json
	exits 0
	holds out '2026-11-22 02:01:00 UTC'
	for wrong in '"+08:00"' '["+8"]' '["+08:00", "+09:00"]' '[8]'; do
		sed "s/\"offsets\": .*/\"offsets\": $wrong,/" part1.json >wrong.json
		go --merge -s wrong.json
		exits 4
		holds err 'offsets'
	done
}

@test "where all is outside the time asked for both spans are named, and the zone that fits" {
	east
	TZ=UTC go -o none --since '2026-11-22 10:00' --until '2026-11-22 11:00' east.log
	tr -s '\n ' ' ' <err >line
	holds line '4 codes, all outside the time asked for: they are of 2026-11-22 02:00:00 to 02:03:00, asked for was 2026-11-22 10:00 to 2026-11-22 11:00 (UTC); --tz +08:00 would fit'
	TZ=UTC go -s --tz +08:00 --since '2026-11-22 10:00' --until '2026-11-22 11:00' east.log
	holds out '4 codes in 4 lines'
	lacks out 'outside'
	for format in text markdown html; do
		TZ=UTC go -r "$format" --since '2026-11-22 10:00' --until '2026-11-22 11:00' east.log
		tr -s '\n ' ' ' <out >line
		holds line '(UTC); --tz +08:00 would fit'
	done
	# what names its zone itself does not move
	TZ=UTC go -o none --since 2026-11-22T10:00Z east.log
	tr -s '\n ' ' ' <err >line
	holds line 'asked for was from 2026-11-22 10:00 on (UTC)'
	lacks line 'would fit'
	# stamps without a zone do, against a time that does not
	sed 's/+08:00//' east.log >none.log
	TZ=Asia/Shanghai go -o none --since 2026-11-22T09:00Z --until 2026-11-22T11:00Z none.log
	tr -s '\n ' ' ' <err >line
	holds line 'they are of 2026-11-22 10:00:00 to 10:03:00, asked for was 2026-11-22 17:00 to 2026-11-22 19:00 (Asia/Shanghai); --tz UTC would fit'
	# no zone would do
	TZ=UTC go -o none --since 2026-11-25 none.log
	tr -s '\n ' ' ' <err >line
	holds line 'asked for was from 2026-11-25 00:00 on (UTC)'
	lacks line 'would fit'
	TZ=UTC go -o none --until 2026-11-20 --lang zh none.log
	holds err '截至 2026-11-20 00:00（UTC）'
}

@test "few responses and ends that the log does not fill are marked, and stand out nowhere" {
	{
		printf '2026-11-22 10:%s:00 code=9000\n' $(seq 10 59)
		echo '2026-11-22 10:59:30 code=9018'
		printf '2026-11-22 11:%s:00 code=9001\n' $(seq 10 59)
		echo '2026-11-22 12:00:01 code=9018'
	} >in
	TZ=UTC go -s --bucket 1h in
	grep -qE '^  2026-11-22 10:00 +51 +1 +~1\.96%  .* incomplete$' out
	grep -qE '^  2026-11-22 11:00 +50 +0 +0\.00%$' out
	grep -qE '^  2026-11-22 12:00 +1 +1 +~100\.00%  few, incomplete$' out
	holds out '~ fewer than 30 responses, or incomplete'
	TZ=UTC go -s --bucket 1h --min-responses 51 in
	grep -qE '^  2026-11-22 11:00 +50 +0 +~0\.00%  few$' out
	TZ=UTC go -r markdown --bucket 1h in
	grep -qE '^\| 2026-11-22 12:00 \| 1 \| 1 \| .~100\.00% \| few, incomplete \|$' out
	TZ=UTC go -r html --bucket 1h in
	same "$(grep -c '<g class="column unsure">' out)" 2
	# no column is higher than the highest that says something
	same "$(grep -c 'success rate' out)" 0
	seq 0 1439 | awk '{ printf "2026-11-22 %02d:%02d:30 code=9018\n", $1 / 60, $1 % 60 }' >day
	TZ=UTC go -s --bucket 1h day
	lacks out '~'
}

@test "where characters are not UTF-8 all is English and ASCII" {
	echo '2026-11-22 10:00:00 code=9018' >in
	echo nothing >empty
	for locale in C POSIX zh_CN.GBK zh_CN.GB18030 zh_TW; do
		for format in text markdown csv json prometheus; do
			LC_ALL=$locale go -r "$format" in
			lacks_bytes out
		done
		LC_ALL=$locale go -s --bucket 1h in
		lacks_bytes out
		LC_ALL=$locale go -o none empty
		lacks_bytes err
		LC_ALL=$locale go --explain
		lacks_bytes out
		LC_ALL=$locale go --help
		lacks_bytes out
		LC_ALL=$locale go -r nothing
		lacks_bytes err
	done
	LC_ALL=zh_CN.UTF-8 go -s in
	holds out '错误'
}

# No byte of FILE is above ASCII.
lacks_bytes() {
	! LC_ALL=C grep -q -P '[^\x00-\x7f]' "$1"
}
