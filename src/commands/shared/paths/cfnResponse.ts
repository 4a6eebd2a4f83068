/**
 * The module by which code that is written in a template answers CloudFormation (AWS docs, cfn-lambda-function-code-cfnresponsemodule):
 * CloudFormation puts it beside such code, and beside no other. Members, order of arguments and the answer are the documented ones.
 */
export function cfnResponseFor(source: string, language: 'nodejs' | 'python'): InlineModule | undefined {
  const { pattern, name, text } = modules[language];
  return pattern.test(source) ? { name, text } : undefined;
}

interface InlineModule {
  /** In the package. */
  readonly name: string;
  readonly text: string;
}

const modules = {
  nodejs: {
    pattern: /['"]cfn-response['"]/,
    name: 'cfn-response.js',
    text: `'use strict';
const http = require('http');
const https = require('https');

exports.SUCCESS = 'SUCCESS';
exports.FAILED = 'FAILED';

exports.send = (event, context, responseStatus, responseData, physicalResourceId, noEcho) => {
  const body = JSON.stringify({
    Status: responseStatus,
    Reason: 'See the details in CloudWatch Log Stream: ' + context.logStreamName,
    PhysicalResourceId: physicalResourceId || context.logStreamName,
    StackId: event.StackId,
    RequestId: event.RequestId,
    LogicalResourceId: event.LogicalResourceId,
    NoEcho: noEcho || false,
    Data: responseData,
  });
  console.log('Response body:\\n', body);
  const url = new URL(event.ResponseURL);
  const client = url.protocol === 'http:' ? http : https;
  const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve) => {
    const over = (said) => {
      console.log(said);
      if (typeof context.done === 'function') context.done();
      resolve();
    };
    const request = client.request(url, { method: 'PUT', headers }, (response) => {
      response.resume();
      over('Status code: ' + response.statusCode);
    });
    request.on('error', (error) => over('send(..) failed executing https.request(..): ' + error));
    request.end(body);
  });
};
`,
  },
  python: {
    pattern: /^\s*(?:import|from)\s.*\bcfnresponse\b/m,
    name: 'cfnresponse.py',
    text: `import json
import urllib.request

SUCCESS = "SUCCESS"
FAILED = "FAILED"


def send(event, context, responseStatus, responseData, physicalResourceId=None, noEcho=False, reason=None):
    body = json.dumps({
        "Status": responseStatus,
        "Reason": reason or "See the details in CloudWatch Log Stream: {}".format(context.log_stream_name),
        "PhysicalResourceId": physicalResourceId or context.log_stream_name,
        "StackId": event["StackId"],
        "RequestId": event["RequestId"],
        "LogicalResourceId": event["LogicalResourceId"],
        "NoEcho": noEcho,
        "Data": responseData,
    })
    print("Response body:")
    print(body)
    headers = {"content-type": "", "content-length": str(len(body))}
    request = urllib.request.Request(event["ResponseURL"], body.encode(), headers, method="PUT")
    try:
        with urllib.request.urlopen(request) as response:
            print("Status code:", response.status)
    except Exception as e:
        print("send(..) failed executing http.request(..):", e)
`,
  },
} as const;
