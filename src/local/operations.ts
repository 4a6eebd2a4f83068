import * as urls from './function-urls/urlConfigsApi.ts';
import type { LambdaOperation } from './http/lambdaRoutes.ts';
import type { ObjectsOperation } from './http/objectRoutes.ts';
import type { LogsOperation, MetricsOperation, SchemasOperation, TaggingOperation } from './http/routes.ts';
import type { ApiRequest, WireAnswer } from './http/wire.ts';
import * as aliases from './lambda-api/aliasesApi.ts';
import { askSecurityTokens } from './lambda-api/callerApi.ts';
import { downloadCode } from './lambda-api/codeDownload.ts';
import * as eventInvoke from './lambda-api/eventInvokeApi.ts';
import * as extras from './lambda-api/functionExtrasApi.ts';
import * as reads from './lambda-api/functionReads.ts';
import * as functions from './lambda-api/functionsApi.ts';
import { invoke } from './lambda-api/invokeApi.ts';
import * as kept from './lambda-api/keptConfigurationsApi.ts';
import * as layers from './lambda-api/layersApi.ts';
import { invokeWithResponseStream } from './lambda-api/streamApi.ts';
import { getResources } from './lambda-api/taggedFunctionsApi.ts';
import * as testEvents from './lambda-api/testEventsApi.ts';
import * as events from './logs-api/logEventsApi.ts';
import * as logs from './logs-api/logsApi.ts';
import * as queries from './logs-api/queriesApi.ts';
import { getMetricData } from './metrics-api/metricDataApi.ts';
import * as objects from './s3-api/objectsApi.ts';
import * as uploads from './s3-api/uploadsApi.ts';
import type { Service } from './service/service.ts';

export type Operation = (service: Service, request: ApiRequest) => WireAnswer | Promise<WireAnswer>;

/** What answers which operation; a route without one does not compile. */
export const operations = {
  lambda: {
    CreateFunction: functions.createFunction,
    UpdateFunctionConfiguration: functions.updateFunctionConfiguration,
    UpdateFunctionCode: functions.updateFunctionCode,
    PublishVersion: functions.publishVersion,
    DeleteFunction: functions.deleteFunction,
    GetFunction: reads.getFunction,
    GetFunctionConfiguration: reads.getFunctionConfiguration,
    ListVersionsByFunction: reads.listVersionsByFunction,
    ListFunctions: reads.listFunctions,
    Invoke: invoke,
    InvokeWithResponseStream: invokeWithResponseStream,
    CreateAlias: aliases.createAlias,
    UpdateAlias: aliases.updateAlias,
    GetAlias: aliases.getAlias,
    ListAliases: aliases.listAliases,
    DeleteAlias: aliases.deleteAlias,
    TagResource: extras.tagResource,
    UntagResource: extras.untagResource,
    ListTags: extras.listTags,
    AddPermission: extras.addPermission,
    GetPolicy: extras.getPolicy,
    RemovePermission: extras.removePermission,
    PutFunctionConcurrency: extras.putFunctionConcurrency,
    GetFunctionConcurrency: extras.getFunctionConcurrency,
    DeleteFunctionConcurrency: extras.deleteFunctionConcurrency,
    GetFunctionCodeSigningConfig: kept.getFunctionCodeSigningConfig,
    GetFunctionRecursionConfig: kept.getFunctionRecursionConfig,
    PutFunctionRecursionConfig: kept.putFunctionRecursionConfig,
    GetRuntimeManagementConfig: kept.getRuntimeManagementConfig,
    PutRuntimeManagementConfig: kept.putRuntimeManagementConfig,
    PutFunctionEventInvokeConfig: eventInvoke.putFunctionEventInvokeConfig,
    UpdateFunctionEventInvokeConfig: eventInvoke.updateFunctionEventInvokeConfig,
    GetFunctionEventInvokeConfig: eventInvoke.getFunctionEventInvokeConfig,
    DeleteFunctionEventInvokeConfig: eventInvoke.deleteFunctionEventInvokeConfig,
    ListFunctionEventInvokeConfigs: eventInvoke.listFunctionEventInvokeConfigs,
    GetProvisionedConcurrencyConfig: extras.getProvisionedConcurrencyConfig,
    ListProvisionedConcurrencyConfigs: extras.listProvisionedConcurrencyConfigs,
    GetAccountSettings: extras.getAccountSettings,
    ListEventSourceMappings: reads.listEventSourceMappings,
    CreateFunctionUrlConfig: urls.createFunctionUrlConfig,
    GetFunctionUrlConfig: urls.getFunctionUrlConfig,
    UpdateFunctionUrlConfig: urls.updateFunctionUrlConfig,
    DeleteFunctionUrlConfig: urls.deleteFunctionUrlConfig,
    ListFunctionUrlConfigs: urls.listFunctionUrlConfigs,
    PublishLayerVersion: layers.publishLayerVersion,
    ListLayers: layers.listLayers,
    ListLayerVersions: layers.listLayerVersions,
    GetLayerVersion: layers.getLayerVersion,
    GetLayerVersionByArn: layers.getLayerVersionByArn,
    DeleteLayerVersion: layers.deleteLayerVersion,
  } satisfies Record<LambdaOperation, Operation>,
  logs: {
    CreateLogGroup: logs.createLogGroup,
    DeleteLogGroup: logs.deleteLogGroup,
    PutRetentionPolicy: logs.putRetentionPolicy,
    DeleteRetentionPolicy: logs.deleteRetentionPolicy,
    TagResource: logs.tagLogResource,
    UntagResource: logs.untagLogResource,
    ListTagsForResource: logs.listTagsForLogResource,
    DescribeLogGroups: logs.describeLogGroups,
    DescribeLogStreams: events.describeLogStreams,
    FilterLogEvents: events.filterLogEvents,
    GetLogEvents: events.getLogEvents,
    StartQuery: queries.startQuery,
    GetQueryResults: queries.getQueryResults,
    StopQuery: queries.stopQuery,
    DescribeQueries: queries.describeQueries,
  } satisfies Record<LogsOperation, Operation>,
  cloudwatch: { GetMetricData: getMetricData } satisfies Record<MetricsOperation, Operation>,
  s3: {
    CreateBucket: objects.createBucket,
    HeadBucket: objects.headBucket,
    DeleteBucket: objects.deleteBucket,
    ListBuckets: objects.listBuckets,
    PutBucketVersioning: objects.putBucketVersioning,
    GetBucketVersioning: objects.getBucketVersioning,
    GetBucketLocation: objects.getBucketLocation,
    ListObjectVersions: objects.listObjectVersions,
    ListObjectsV2: objects.listObjects,
    PutObject: objects.putObject,
    GetObject: objects.getObject,
    HeadObject: objects.getObject,
    DeleteObject: objects.deleteObject,
    CreateMultipartUpload: uploads.createMultipartUpload,
    UploadPart: uploads.uploadPart,
    CompleteMultipartUpload: uploads.completeMultipartUpload,
    AbortMultipartUpload: uploads.abortMultipartUpload,
    ListParts: uploads.listParts,
  } satisfies Record<ObjectsOperation, Operation>,
  schemas: {
    CreateSchema: testEvents.createSchema,
    UpdateSchema: testEvents.updateSchema,
    DescribeSchema: testEvents.describeSchema,
  } satisfies Record<SchemasOperation, Operation>,
  tagging: { GetResources: getResources } satisfies Record<TaggingOperation, Operation>,
  sts: { GetCallerIdentity: askSecurityTokens },
  code: { DownloadCode: downloadCode },
};
