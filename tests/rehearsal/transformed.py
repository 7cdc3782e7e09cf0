"""Checks on the template after SAM's transform: what the local AWS takes without doing it."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Properties = dict[str, Any]
SECRETS = ("SHOPIFY_API_SECRET", "FACEBOOK_APP_SECRET", "WHATSAPP_APP_SECRET", "STATE_TOKEN_SECRET", "TOKEN_ENCRYPTION_KEYS", "META_VERIFY_TOKEN")


class Template:
    """The resources, by type and by name."""

    def __init__(self, template: Mapping[str, Any]) -> None:
        self.resources: dict[str, Any] = template["Resources"]

    def of(self, kind: str) -> dict[str, Properties]:
        return {name: resource.get("Properties", {}) for name, resource in self.resources.items() if resource["Type"] == kind}

    def function_of(self, target: Any) -> str:
        """The function that a reference leads to, by way of its alias where there is one."""
        for name in names(target):
            kind = self.resources.get(name, {}).get("Type")
            if kind == "AWS::Lambda::Function":
                return name
            if kind == "AWS::Lambda::Alias":
                return self.function_of(self.resources[name]["Properties"]["FunctionName"])
        raise AssertionError(f"{json.dumps(target)} leads to no function")


def names(value: Any) -> Iterator[str]:
    """The resources that a value refers to."""
    match value:
        case {"Ref": str(name)}:
            yield name
        case {"Fn::GetAtt": [str(name), *_]}:
            yield name
        case {"Fn::GetAtt": str(text)}:
            yield text.partition(".")[0]
        case {"Fn::Sub": str(text)}:
            yield from (found.partition(".")[0] for found in re.findall(r"\$\{([A-Za-z0-9.]+)\}", text))
        case dict():
            for part in value.values():
                yield from names(part)
        case list():
            for part in value:
                yield from names(part)


def filled(value: Any) -> str:
    """A text with its own variables put in; what CloudFormation knows stays `${…}`."""
    match value:
        case {"Fn::Sub": [str(text), dict(variables)]}:
            for name, part in variables.items():
                text = text.replace(f"${{{name}}}", filled(part))
            return text
        case {"Fn::Sub": str(text)} | str(text):
            return text
    raise AssertionError(f"{json.dumps(value)} is no text")


def check(template: Mapping[str, Any]) -> str:
    """Fails at what is missing; says what was there."""
    stack = Template(template)
    counts = [routes(stack), functions(stack), policies(stack), alarms(stack), canaries(stack)]
    tables(stack)
    stage(stack)
    pipes(stack)
    messages(stack)
    schedule(stack)
    return ", ".join(counts)


def routes(stack: Template) -> str:
    """Each route leads to a function that this API may invoke for it."""
    integrations = stack.of("AWS::ApiGatewayV2::Integration")
    permissions = stack.of("AWS::Lambda::Permission").values()
    found = stack.of("AWS::ApiGatewayV2::Route")
    for name, route in found.items():
        [integration] = [integration for integration in names(route["Target"]) if integration in integrations]
        properties = integrations[integration]
        assert (properties["IntegrationType"], properties["PayloadFormatVersion"]) == ("AWS_PROXY", "2.0"), integration
        function = stack.function_of(properties["IntegrationUri"])
        method, _, path = route["RouteKey"].partition(" ")
        wanted = f"/*/{method}{re.sub(r'{[^}]*}', '*', path)}"
        allowed = [
            permission
            for permission in permissions
            if stack.function_of(permission["FunctionName"]) == function and filled(permission["SourceArn"]).endswith("${HttpApi}" + wanted)
        ]
        assert allowed and all(permission["Principal"] == "apigateway.amazonaws.com" for permission in allowed), f"{name}: nothing allows {wanted}"
        # The permission has to be for what is invoked: an alias has a policy of its own.
        invoked = set(names(properties["IntegrationUri"])) & stack.resources.keys()
        assert any(invoked & set(names(permission["FunctionName"])) for permission in allowed), f"{name}: the permission is for something else"
    assert len(permissions) == len(found), "there are permissions without a route"
    return f"{len(found)} routes"


def functions(stack: Template) -> str:
    groups = stack.of("AWS::Logs::LogGroup")
    assert all("RetentionInDays" in group for group in groups.values())
    found = stack.of("AWS::Lambda::Function")
    for name, function in found.items():
        environment = function["Environment"]["Variables"]
        assert not [secret for secret in environment if secret.startswith(SECRETS)], f"{name} has a secret in its environment"
        assert "Secrets" in names(environment["SECRETS_ARN"]), name
        assert function["LoggingConfig"]["LogFormat"] == "JSON" and set(names(function["LoggingConfig"]["LogGroup"])) <= groups.keys(), name
        assert function["Timeout"] < 30 or name == "TokenKeeperFunction", f"{name} may work longer than the API waits"
        assert (function["Runtime"], function["Handler"]) == ("provided.al2023", "bootstrap"), name
    return f"{len(found)} functions"


def policies_of(stack: Template, role: str) -> list[Properties]:
    """What a role has of itself, and what a resource of its own gives it."""
    apart = [policy for policy in stack.of("AWS::IAM::Policy").values() if role in names(policy["Roles"])]
    return stack.resources[role]["Properties"].get("Policies", []) + apart


def policies(stack: Template) -> str:
    statements = 0
    for name, role in stack.of("AWS::IAM::Role").items():
        trust = role["AssumeRolePolicyDocument"]["Statement"]
        assert all(list(statement["Principal"]) == ["Service"] for statement in trust), name
        for policy in policies_of(stack, name):
            for statement in policy["PolicyDocument"]["Statement"]:
                # What a condition adds counts as well.
                statement = statement["Fn::If"][1] if "Fn::If" in statement else statement
                statements += 1
                actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
                assert not fnmatch.filter(actions, "*[*]*"), f"{name}: {actions}"
                assert statement["Resource"] != "*" or all(action.startswith("xray:") for action in actions), f"{name}: {actions} on everything"
                # The keeper looks who names whom, once, and may see nothing else that way; an index of keys alone holds nothing else.
                of_keys = statement["Resource"] == {"Fn::Sub": "${ConnectionsTable.Arn}/index/by_due"}
                attributes = statement.get("Condition", {}).get("ForAllValues:StringEquals", {}).get("dynamodb:Attributes")
                limited = name == "TokenKeeperRole" and (of_keys or attributes == ["granted_by", "person", "pk", "sk"])
                assert "dynamodb:Scan" not in actions or limited, f"{name} may read a table whole"
    return f"{statements} statements of policies"


def tables(stack: Template) -> None:
    found = stack.of("AWS::DynamoDB::Table")
    assert found.keys() == {"SessionsTable", "ConnectionsTable"}
    for name, table in found.items():
        assert table["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}, name
        assert table["BillingMode"] == "PAY_PER_REQUEST", name
    kept = found["ConnectionsTable"]
    assert kept["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] and kept["DeletionProtectionEnabled"]
    assert kept["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    assert {index["IndexName"] for index in kept["GlobalSecondaryIndexes"]} == {"by_due", "by_person"}
    for name in ("ConnectionsTable", "SessionsTable", "Secrets"):
        resource = stack.resources[name]
        assert resource["DeletionPolicy"] in ("Retain", "RetainExceptOnCreate") and resource["UpdateReplacePolicy"] == "Retain", name
    assert not {"SecretString", "GenerateSecretString"} & stack.resources["Secrets"]["Properties"].keys()


def stage(stack: Template) -> None:
    [found] = stack.of("AWS::ApiGatewayV2::Stage").values()
    limits = found["DefaultRouteSettings"]
    assert limits["ThrottlingRateLimit"] and limits["ThrottlingBurstLimit"] and limits["DetailedMetricsEnabled"] is False
    log = found["AccessLogSettings"]["Format"]
    assert all(isinstance(value, str) for value in json.loads(log).values())
    # Callbacks carry codes and states in their query, logins a store's name in the path.
    assert not re.search(r"\$context\.(path|customDomain\.basePath|http.*[Pp]ath|queryString)", log), log
    assert "$context.requestId" in log


def alarms(stack: Template) -> str:
    found = stack.of("AWS::CloudWatch::Alarm")
    for name, alarm in found.items():
        assert alarm["TreatMissingData"] in ("breaching", "notBreaching", "ignore", "missing"), name
        assert alarm.get("AlarmActions"), f"{name} tells nobody"
        assert re.search(r"docs/operations\.md#alarm-[a-z-]+", json.dumps(alarm["AlarmDescription"])), f"{name} leads to no runbook"
    return f"{len(found)} alarms"


def canaries(stack: Template) -> str:
    """Each function is published, and moved to by an alias that goes back by alarm."""
    aliases = stack.of("AWS::Lambda::Alias")
    functions = {stack.function_of(alias["FunctionName"]) for alias in aliases.values()}
    assert functions == stack.of("AWS::Lambda::Function").keys(), "a function has no alias"
    groups = stack.of("AWS::CodeDeploy::DeploymentGroup")
    for name in aliases:
        update = stack.resources[name].get("UpdatePolicy", {}).get("CodeDeployLambdaAliasUpdate", {})
        if not groups:
            continue
        [group] = [groups[group] for group in names(update["DeploymentGroupName"])]
        assert group["AutoRollbackConfiguration"]["Enabled"] is True, name
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"], name
        assert group["AlarmConfiguration"]["Enabled"] is True and group["AlarmConfiguration"]["Alarms"], name
    return f"{len(aliases)} aliases, {len(groups)} of them moved step by step"


def pipes(stack: Template) -> None:
    found = stack.of("AWS::Pipes::Pipe")
    patterns = []
    for name, pipe in found.items():
        assert list(names(pipe["Source"])) == ["ConnectionsTable"] and list(names(pipe["Target"])) == ["EventBus"], name
        assert "EventPipeFailures" in names(pipe["SourceParameters"]["DynamoDBStreamParameters"]["DeadLetterConfig"]), name
        [only] = pipe["SourceParameters"]["FilterCriteria"]["Filters"]
        patterns.append(json.loads(only["Pattern"])["dynamodb"]["NewImage"]["reason"]["S"])
    assert sorted(patterns, key=str) == [[{"exists": False}], [{"exists": True}]], patterns


def messages(stack: Template) -> None:
    """What customers write goes from its bus to the queue as it is, is kept for four days at most, and nobody else puts anything there."""
    [rule] = stack.of("AWS::Events::Rule").values()
    [target] = rule["Targets"]
    assert rule["EventPattern"] == {"source": ["messenger-link.messages"], "detail-type": ["message"]} and rule.get("State", "ENABLED") == "ENABLED"
    assert list(names(rule["EventBusName"])) == ["MessageBus"] and target.keys() == {"Id", "Arn", "RetryPolicy", "DeadLetterConfig"}
    dead, queues = "MessagesDeadLetters", stack.of("AWS::SQS::Queue")
    assert list(names(target["Arn"])) == ["MessagesQueue"] and list(names(target["DeadLetterConfig"])) == [dead]
    assert list(names(queues["MessagesQueue"]["RedrivePolicy"])) == [dead]
    for name in ("MessagesQueue", dead):
        assert queues[name]["MessageRetentionPeriod"] == 4 * 86400 and queues[name]["SqsManagedSseEnabled"] is True, name
        [policy] = [policy for policy in stack.of("AWS::SQS::QueuePolicy").values() if name in names(policy["Queues"])]
        sending, unencrypted = policy["PolicyDocument"]["Statement"]
        assert sending["Principal"] == {"Service": "events.amazonaws.com"} and sending["Action"] == "sqs:SendMessage", name
        assert sending["Condition"]["ArnEquals"]["aws:SourceArn"]["Fn::Sub"].endswith(f":rule/${{MessageBus}}/{rule['Name']}"), name
        assert (unencrypted["Effect"], unencrypted["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}}), name
    # Without the parameter there is nothing of it.
    for name, resource in stack.resources.items():
        if re.match("Me(ta|ssage)", name):
            assert resource["Condition"] in ("HasMetaWebhooks", "HasMessageQueue"), f"{name} is there without Meta's webhooks"
        if name.startswith("WhatsApp"):
            assert resource["Condition"] == "HasWhatsApp", f"{name} is there without WhatsApp"


def schedule(stack: Template) -> None:
    # The others are there with more runs side by side.
    [found] = [one for name, one in stack.of("AWS::Scheduler::Schedule").items() if "Condition" not in stack.resources[name]]
    assert found["ScheduleExpression"] == "rate(5 minutes)" and found.get("State", "ENABLED") == "ENABLED"
    assert stack.function_of(found["Target"]["Arn"]) == "TokenKeeperFunction"
    [role] = names(found["Target"]["RoleArn"])
    [policy] = policies_of(stack, role)
    [statement] = policy["PolicyDocument"]["Statement"]
    assert statement["Action"] == "lambda:InvokeFunction" and set(names(found["Target"]["Arn"])) & set(names(statement["Resource"]))
