/*
 * Owns the table of outcomes: their names, who must act, their colours. Must
 * not know codes.
 */
#include "catalog/outcome.h"

#include <stddef.h>
#include <string.h>

static const struct outcome_info outcomes[OUTCOME_COUNT] = {
	[OUTCOME_SUCCESS] = { "success", "成功", "", "", "32", false },
	[OUTCOME_NEGATIVE] = { "negative", "否定", "nothing: a valid \"no\"",
	    "无需处理：这是有效的否定答复", "36", false },
	[OUTCOME_REQUEST] = { "request", "请求", "correct what our program sends",
	    "更正我方程序发送的内容", "33", true },
	[OUTCOME_AUTH] = { "auth", "鉴权", "check AppKey, secret and the Authorization header",
	    "检查 AppKey、密钥和 Authorization 请求头", "35", true },
	[OUTCOME_ACCOUNT] = { "account", "账户",
	    "in the JiGuang console: balance, quota, service switched on",
	    "登录极光控制台：余额、配额、服务是否开通", "1;31", true },
	[OUTCOME_LIMIT] = { "limit", "限流", "slow down: the limit is per number, AppKey or second",
	    "降低频率：按号码、AppKey 或每秒限流", "33", true },
	[OUTCOME_SERVER] = { "server", "服务端",
	    "on JiGuang's side: retry, or open a ticket if it lasts",
	    "极光侧问题：请重试，持续出现请提交工单", "31", true },
	[OUTCOME_FAILED] = { "failed", "失败",
	    "it did not work and the code does not say why: let the user try another way",
	    "未成功且返回码未说明原因：请让用户改用其他方式", "31", true },
};

const struct outcome_info *outcome_info(enum outcome outcome)
{
	return &outcomes[outcome];
}

bool outcome_find(const char *name, enum outcome *outcome)
{
	for (unsigned i = 0; i < OUTCOME_COUNT; i++) {
		if (strcmp(name, outcomes[i].name) == 0) {
			*outcome = (enum outcome)i;
			return true;
		}
	}
	return false;
}
