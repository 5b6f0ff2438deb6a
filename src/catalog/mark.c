/*
 * Owns the table of marks: the signs, seen in real logs, that a number under a
 * code key is not JiGuang's. Must not know how a neighbour is found.
 */
#include "catalog/mark.h"

#include <string.h>
#include <strings.h>

#define PASSWORD "a one-time password beside a phone number", "手机号旁的短信验证码"
#define LIFETIME "a one-time password with a time to live", "带有效期的验证码"
#define OAUTH "an OAuth code beside a state parameter", "OAuth 授权码（带 state 参数）"
#define MONGODB "MongoDB's codeName beside it", "MongoDB 的错误码（codeName）"
#define CLIENT "the client SDK's code, not the server's", "客户端 SDK 的返回码，不是服务端的"
#define ALIPAY "Alipay's result code", "支付宝的结果码"
#define PUSH "JPush's alias and tag callback", "极光推送别名/标签回调的返回码"

static const struct mark marks[] = {
	/* key, codes, field, text, strength, place, reason */
	{ NULL, { 0 }, 0, "mobile", NULL, MARK_STRONG, MARK_QUOTED, PASSWORD },
	{ NULL, { 0 }, 0, "mobiles", NULL, MARK_STRONG, MARK_QUOTED, PASSWORD },
	{ NULL, { 0 }, 0, "phone", NULL, MARK_STRONG, MARK_QUOTED, PASSWORD },
	{ NULL, { 0 }, 0, "phoneNumber", NULL, MARK_STRONG, MARK_QUOTED, PASSWORD },
	{ NULL, { 0 }, 0, "phone_number", NULL, MARK_STRONG, MARK_QUOTED, PASSWORD },
	{ NULL, { 0 }, 0, "phoneNo", NULL, MARK_STRONG, MARK_QUOTED, PASSWORD },
	{ NULL, { 0 }, 0, "tel", NULL, MARK_STRONG, MARK_QUOTED, PASSWORD },
	{ NULL, { 0 }, 0, "ttl", NULL, MARK_STRONG, MARK_ANYWHERE, LIFETIME },
	{ NULL, { 0 }, 0, NULL, "&state=", MARK_STRONG, MARK_ANYWHERE, OAUTH },
	{ NULL, { 0 }, 0, NULL, "?state=", MARK_STRONG, MARK_QUOTED, OAUTH },
	{ NULL, { 0 }, 0, "codeName", NULL, MARK_WEAK, MARK_ANYWHERE, MONGODB },
	{ NULL, { 0 }, 0, NULL, "AtlasError", MARK_WEAK, MARK_ANYWHERE, MONGODB },
	{ NULL, { 0 }, 0, "operator", NULL, MARK_WEAK, MARK_ANYWHERE, CLIENT },
	{ NULL, { 0 }, 0, NULL, "operator=", MARK_WEAK, MARK_ANYWHERE, CLIENT },
	{ NULL, { 0 }, 0, NULL, "init success", MARK_WEAK, MARK_ANYWHERE, CLIENT },
	{ NULL, { 0 }, 0, NULL, "UI load error", MARK_WEAK, MARK_ANYWHERE, CLIENT },
	{ NULL, { 0 }, 0, NULL, "authorization requesting", MARK_WEAK, MARK_ANYWHERE, CLIENT },
	{ NULL, { 0 }, 0, "loginToken", NULL, MARK_WEAK, MARK_ANYWHERE, CLIENT },
	{ "resultCode", { 6004, 8000, 9000 }, 3, NULL, NULL, MARK_WEAK, MARK_ANYWHERE, ALIPAY },
	{ NULL, { 6004, 8000, 9000 }, 3, "memo", NULL, MARK_WEAK, MARK_ANYWHERE, ALIPAY },
	{ NULL, { 6004, 8000, 9000 }, 3, "resultStatus", NULL, MARK_WEAK, MARK_ANYWHERE, ALIPAY },
	{ NULL, { 6003, 6004, 6005 }, 3, "alias", NULL, MARK_WEAK, MARK_ANYWHERE, PUSH },
	{ NULL, { 6003, 6004, 6005 }, 3, "tag", NULL, MARK_WEAK, MARK_ANYWHERE, PUSH },
	{ NULL, { 6003, 6004, 6005 }, 3, "tags", NULL, MARK_WEAK, MARK_ANYWHERE, PUSH },
};

const struct mark *mark_at(size_t index)
{
	return &marks[index];
}

size_t mark_count(void)
{
	return sizeof(marks) / sizeof(marks[0]);
}

bool mark_concerns(const struct mark *mark, const char *key, size_t key_length, uint32_t code)
{
	if (mark->key != NULL && (strlen(mark->key) != key_length ||
				     strncasecmp(mark->key, key, key_length) != 0))
		return false;
	for (size_t i = 0; i < mark->code_count; i++)
		if (mark->codes[i] == code)
			return true;
	return mark->code_count == 0;
}
