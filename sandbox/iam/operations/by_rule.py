"""Operations outside what the course needs, mapped by rule of thumb and listed here so that it is visible.

The rule: the action is called like the operation, and the resource is each ARN among the request's own parameters, or ``*``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sandbox.iam.operations.request import Request, Rule
from sandbox.iam.verdict import Check

_LISTED: Final[Mapping[str, str]] = {
    "cloudformation": (
        "ActivateOrganizationsAccess ActivateType BatchDescribeTypeConfigurations CreateGeneratedTemplate "
        "DeactivateOrganizationsAccess DeactivateType DeleteGeneratedTemplate DeregisterType DescribeGeneratedTemplate "
        "DescribeOrganizationsAccess DescribePublisher DescribeResourceScan DescribeType DescribeTypeRegistration "
        "GetGeneratedTemplate GetHookResult ListGeneratedTemplates ListHookResults ListResourceScanRelatedResources "
        "ListResourceScanResources ListResourceScans ListTypeRegistrations ListTypeVersions ListTypes PublishType "
        "RegisterPublisher RegisterType RemoveAlias SetAlias SetTypeConfiguration SetTypeDefaultVersion "
        "StartResourceScan TestType UpdateGeneratedTemplate"
    ),
    "cloudwatch": (
        "AssociateDatasetKmsKey CreateResourceMetricsConfiguration DeleteMetricDataQueryDefinition "
        "DeleteResourceMetricsConfiguration DisassociateDatasetKmsKey GetDataset GetMetricDataQueryDefinition "
        "GetOTelEnrichment GetResourceMetricsConfiguration ListMetricDataQueryDefinitions PutMetricDataQueryDefinition "
        "StartOTelEnrichment StopOTelEnrichment UpdateOTelEnrichment UpdateResourceMetricsConfiguration"
    ),
    "dynamodb": ("CancelBulkOperation DescribeBulkOperation ListBulkOperations"),
    "iam": (
        "AcceptDelegationRequest AcquireRole AssociateDelegationRequest CreateDelegationRequest "
        "DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions "
        "DisableOutboundWebIdentityFederation EnableOrganizationsRootCredentialsManagement "
        "EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation GenerateOrganizationsAccessReport "
        "GetAccountProperties GetDelegationRequest GetOrganizationsAccessReport GetOutboundWebIdentityFederationInfo "
        "GetRoleTemplateVersion ListDelegationRequests ListOrganizationsFeatures PutAccountProperties "
        "RejectDelegationRequest SendDelegationToken UpdateDelegationRequest"
    ),
    "kinesis": (
        "AcknowledgeDeadLetterQueueRecords AcknowledgeQueueRecords CreateChannel CreateQueue DeleteChannel DeleteQueue "
        "DescribeChannel DescribeQueue ListChannels ListQueues ReceiveDeadLetterQueueRecords ReceiveQueueRecords "
        "RestoreDeadLetterQueueRecords UpdateChannel UpdateDeadLetterQueueRecordsVisibility UpdateQueue "
        "UpdateQueueRecordsVisibility UpdateStreamRecordDistributionStrategy"
    ),
    "logs": (
        "AssociateSourceToS3TableIntegration CancelImportTask CreateDelivery CreateImportTask CreateLookupTable "
        "CreateScheduledQuery DeleteIntegration DeleteLookupTable DeleteScheduledQuery DeleteSyslogConfiguration "
        "DescribeImportTaskBatches DescribeImportTasks DescribeLookupTables DisassociateSourceFromS3TableIntegration "
        "GetIntegration GetLogFields GetLogObject GetLookupTable GetScheduledQuery GetScheduledQueryHistory "
        "GetStorageTierPolicy ListAggregateLogGroupSummaries ListIntegrations ListScheduledQueries "
        "ListSourcesForS3TableIntegration ListSyslogConfigurations PutBearerTokenAuthentication PutIntegration "
        "PutStorageTierPolicy PutSyslogConfiguration UpdateLookupTable UpdateScheduledQuery"
    ),
    "s3": (
        "DeleteObjectAnnotation GetObjectAnnotation ListObjectAnnotations PutObjectAnnotation RenameObject "
        "UpdateBucketMetadataAnnotationTableConfiguration"
    ),
    "secretsmanager": ("AssociateCrossAccountReplica DisassociateCrossAccountReplica ListResourcePolicies"),
    "ssm": (
        "AssociateOpsItemRelatedItem CancelCommand CancelMaintenanceWindowExecution CreateActivation CreateAssociation "
        "CreateAssociationBatch CreateCloudConnector CreateMaintenanceWindow CreateOpsItem CreateOpsMetadata "
        "CreatePatchBaseline CreateResourceDataSync DeleteActivation DeleteAssociation DeleteCloudConnector "
        "DeleteInventory DeleteMaintenanceWindow DeleteOpsItem DeleteOpsMetadata DeletePatchBaseline "
        "DeleteResourceDataSync DeregisterDefaultHostManagementConfiguration DeregisterManagedInstance "
        "DeregisterPatchBaselineForPatchGroup DeregisterTargetFromMaintenanceWindow DeregisterTaskFromMaintenanceWindow "
        "DescribeActivations DescribeAssociation DescribeAssociationExecutionTargets DescribeAssociationExecutions "
        "DescribeAutomationExecutions DescribeAutomationStepExecutions DescribeAvailablePatches "
        "DescribeEffectiveInstanceAssociations DescribeEffectivePatchesForPatchBaseline "
        "DescribeInstanceAssociationsStatus DescribeInstanceInformation DescribeInstancePatchStates "
        "DescribeInstancePatchStatesForPatchGroup DescribeInstancePatches DescribeInstanceProperties "
        "DescribeInventoryDeletions DescribeMaintenanceWindowExecutionTaskInvocations "
        "DescribeMaintenanceWindowExecutionTasks DescribeMaintenanceWindowExecutions DescribeMaintenanceWindowSchedule "
        "DescribeMaintenanceWindowTargets DescribeMaintenanceWindowTasks DescribeMaintenanceWindows "
        "DescribeMaintenanceWindowsForTarget DescribeOpsItems DescribePatchBaselines DescribePatchGroupState "
        "DescribePatchGroups DescribePatchProperties DescribeSessions DisassociateOpsItemRelatedItem GetAccessToken "
        "GetAutomationExecution GetCalendarState GetCloudConnector GetCommandInvocation GetConnectionStatus "
        "GetDefaultPatchBaseline GetDeployablePatchSnapshotForInstance GetExecutionPreview GetInventory "
        "GetInventorySchema GetMaintenanceWindow GetMaintenanceWindowExecution GetMaintenanceWindowExecutionTask "
        "GetMaintenanceWindowExecutionTaskInvocation GetMaintenanceWindowTask GetOpsItem GetOpsMetadata GetOpsSummary "
        "GetPatchBaseline GetPatchBaselineForPatchGroup GetServiceSetting ListAssociationVersions ListAssociations "
        "ListCloudConnectors ListCommandInvocations ListCommands ListComplianceItems ListComplianceSummaries "
        "ListDocumentMetadataHistory ListInventoryEntries ListNodes ListNodesSummary ListOpsItemEvents "
        "ListOpsItemRelatedItems ListOpsMetadata ListResourceComplianceSummaries ListResourceDataSync "
        "PutComplianceItems PutInventory RegisterDefaultHostManagementConfiguration RegisterDefaultPatchBaseline "
        "RegisterPatchBaselineForPatchGroup RegisterTargetWithMaintenanceWindow RegisterTaskWithMaintenanceWindow "
        "ResetServiceSetting ResumeSession SendAutomationSignal SendCommand StartAccessRequest StartAssociationsOnce "
        "StartAutomationExecution StartChangeRequestExecution StartExecutionPreview StartSession "
        "StopAutomationExecution TerminateSession UpdateAssociation UpdateAssociationStatus UpdateCloudConnector "
        "UpdateDocumentMetadata UpdateMaintenanceWindow UpdateMaintenanceWindowTarget UpdateMaintenanceWindowTask "
        "UpdateManagedInstanceRole UpdateOpsItem UpdateOpsMetadata UpdatePatchBaseline UpdateResourceDataSync "
        "UpdateServiceSetting ValidateCloudConnector"
    ),
}
OPERATIONS: Final[Mapping[str, frozenset[str]]] = {service: frozenset(names.split()) for service, names in _LISTED.items()}


# services around the course's own, by rule as a whole: botocore's name → prefix of their actions
WHOLE_SERVICES: Final[Mapping[str, str]] = {
    "cloudtrail": "cloudtrail",
    "ec2": "ec2",
    "organizations": "organizations",
    "resourcegroupstaggingapi": "tag",
}


def rule_for(service: str, operation: str) -> Rule | None:
    return _rule if service in WHOLE_SERVICES or operation in OPERATIONS.get(service, ()) else None


def _rule(request: Request) -> Iterable[Check]:
    arns = [
        value
        for name, value in request.params.items()
        if name.lower().endswith("arn") and isinstance(value, str) and value.startswith("arn:")
    ]
    return [request.own(arn) for arn in arns or ["*"]]
