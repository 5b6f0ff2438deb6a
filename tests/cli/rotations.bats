load common

# Names of rotated logs: all of them for -F and for --db.

rotations() {
	timeout 300 python3 "$HERE/rotations.py" "$1"
}

@test "-F: two rotations while it is stopped, by any name (7)" { rotations followed; }
@test "-F: the same, compressed (6, 7)" { rotations followed_packed; }
@test "-F: its reader blocks meanwhile" { rotations followed_slowly; }
@test "-F: names that count up" { rotations followed_upwards; }
@test "-F: what cannot be found is said" { rotations followed_lost; }
@test "-F: other logs beside it are not taken for rotated files" { rotations followed_friends; }
@test "-F: copied, compressed and truncated while it is stopped (9)" { rotations followed_copied; }
@test "-F: damaged in between" { rotations followed_damaged; }
@test "-F --rotated" { rotations followed_by_glob; }
@test "-F: a link that is turned is no rotation" { rotations followed_link; }
@test "--db: two rotations between two runs, by any name (7)" { rotations counted; }
@test "--db: other logs beside it are not counted" { rotations counted_friends; }
@test "--db: what was there before is left out under the later names, and named once" { rotations left_out; }
@test "--db: what was counted as a log of its own stays one" { rotations own_logs; }
@test "--db: all of a folder at once" { rotations all_named; }
@test "--db: a name of another's file is not read (91)" { rotations linked; }
@test "--db: more files than may be open (86)" { rotations many; }
@test "-F --db: more files than may be open (86)" { rotations many_followed; }
