/*
 * Owns the table of marks: the signs, seen in real logs, that a number under a
 * code key is not JiGuang's. Must not know how a neighbour is found.
 */
#include "catalog/mark.h"

#include <string.h>
#include <strings.h>

#define PASSWORD "a one-time password beside a phone number", "手机号旁的短信验证码", 1000
#define LIFETIME "a one-time password with a time to live", "带有效期的验证码", 1000
#define OAUTH "an OAuth code beside a state parameter", "OAuth 授权码（带 state 参数）", 1000
#define MONGODB "MongoDB's codeName beside it", "MongoDB 的错误码（codeName）", 0
#define ATLAS "MongoDB Atlas's error beside it", "MongoDB Atlas 的错误", 0
#define CLIENT "the client SDK's code, not the server's", "客户端 SDK 的返回码，不是服务端的", 0
#define ALIPAY "Alipay's result code", "支付宝的结果码", 0
#define PUSH "JPush's alias and tag callback", "极光推送别名/标签回调的返回码", 0
#define IOT "JIoT's client code", "极光 IoT 客户端的返回码", 0
#define TEMPLATE "a one-time password in a text message's parameters", "短信模板参数里的验证码", 1000
#define DATABASE "a database's error code beside its SQLSTATE", "数据库的错误码（带 SQLSTATE）", 0

static const struct mark marks[] = {
	/* key, codes, field, text, strength, place, reason with its least code */
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
	{ NULL, { 0 }, 0, "temp_para", NULL, MARK_STRONG, MARK_VALUE_OF, TEMPLATE },
	{ NULL, { 0 }, 0, "TemplateParam", NULL, MARK_STRONG, MARK_VALUE_OF, TEMPLATE },
	{ NULL, { 0 }, 0, "template_param", NULL, MARK_STRONG, MARK_VALUE_OF, TEMPLATE },
	{ NULL, { 0 }, 0, "SQLState", NULL, MARK_STRONG, MARK_ANYWHERE, DATABASE },
	{ NULL, { 0 }, 0, "sql_state", NULL, MARK_STRONG, MARK_ANYWHERE, DATABASE },
	{ NULL, { 9001 }, 1, "codeName", "SocketException", MARK_STRONG, MARK_ANYWHERE, MONGODB },
	{ NULL, { 0 }, 0, "codeName", NULL, MARK_WEAK, MARK_ANYWHERE, MONGODB },
	{ NULL, { 0 }, 0, NULL, "AtlasError", MARK_WEAK, MARK_ANYWHERE, ATLAS },
	{ NULL, { 0 }, 0, "operator", NULL, MARK_WEAK, MARK_ANYWHERE, CLIENT },
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
	/* what JPush's own example prints */
	{ NULL, { 6003, 6004, 6005 }, 3, NULL, "Failed with errorCode", MARK_WEAK, MARK_ANYWHERE,
	    PUSH },
	{ NULL, { 6003, 6004, 6005 }, 3, NULL, "jiot", MARK_WEAK, MARK_ANYWHERE, IOT },
};

/* three bytes of each strong mark that is not bound to a quoted number */
static const char strong_signs[][3] = { "ttl", "te=", "sql", "soc" };

/* the first three bytes of every text above, in lower case */
static const char text_signs[][3] = { "&st", "?st", "atl", "ini", "ui ", "aut", "fai", "jio", "soc" };

const struct mark *mark_at(size_t index)
{
	return &marks[index];
}

size_t mark_count(void)
{
	return sizeof(marks) / sizeof(marks[0]);
}

const char (*mark_strong_signs(size_t *count))[3]
{
	*count = sizeof(strong_signs) / sizeof(strong_signs[0]);
	return strong_signs;
}

const char (*mark_text_signs(size_t *count))[3]
{
	*count = sizeof(text_signs) / sizeof(text_signs[0]);
	return text_signs;
}

bool mark_concerns(const struct mark *mark, const char *key, size_t key_length, uint32_t code)
{
	if (code < mark->least)
		return false;
	if (mark->key != NULL && (strlen(mark->key) != key_length ||
				     strncasecmp(mark->key, key, key_length) != 0))
		return false;
	for (size_t i = 0; i < mark->code_count; i++)
		if (mark->codes[i] == code)
			return true;
	return mark->code_count == 0;
}
