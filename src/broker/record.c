/* What was asked of the network, and what came of it. */
#include "broker/broker.h"

bool broker_record(const struct broker_config *config, const struct broker_event *event)
{
	struct audit_target target = { .socket = config->recorder };
	struct audit_receipt receipt;
	struct problem problem = { 0 };
	struct audit_entry entry = {
		.event = event->allowed ? AUDIT_API_REQUEST : AUDIT_SECURITY_EVENT,
		.decision = event->allowed ? AUDIT_ALLOW : AUDIT_DENY,
		.outcome = event->allowed ? AUDIT_SUCCESS : AUDIT_BLOCKED,
		.severity = event->allowed ? AUDIT_INFO : AUDIT_HIGH,
		.session = config->run,
		.run = config->run,
		.tool = SPAN("network"),
		.action = event->method,
		.input = event->target,
		.rule = event->allowed ? SPAN("network.allow") : SPAN("network.unlisted"),
		.reason = span_of(event->why),
		.door = SPAN("broker")
	};

	if (!config->recorder)
		return true;
	return audit_record(&target, &entry, &receipt, &problem);
}
