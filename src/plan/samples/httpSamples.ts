/** Requests as API Gateway (HTTP API, payload format 2.0) and an Application Load Balancer hand them to a function. */

const json = JSON.stringify({ id: 'sample-1', quantity: 2 });

export const apiGatewayV2 = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/items/sample-1',
  rawQueryString: 'view=full&view=short',
  cookies: ['sample=1'],
  headers: {
    accept: 'application/json',
    'content-length': String(json.length),
    'content-type': 'application/json',
    host: 'sample.example.com',
    'user-agent': 'sample-client/1.0',
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  },
  queryStringParameters: { view: 'full,short' },
  requestContext: {
    accountId: '123456789012',
    apiId: 'sampleapi1',
    // Where client certificates and an authorizer for JSON Web Tokens are set up; documented as a part of the shape.
    authentication: {
      clientCert: {
        clientCertPem: 'SAMPLE',
        subjectDN: 'CN=sample.example.com',
        issuerDN: 'CN=sample',
        serialNumber: '00:00:00:00',
        validity: { notBefore: 'Jan  1 00:00:00 2026 GMT', notAfter: 'Jan  1 00:00:00 2027 GMT' },
      },
    },
    authorizer: { jwt: { claims: { sub: 'sample-user' }, scopes: ['sample/read'] } },
    domainName: 'sample.example.com',
    domainPrefix: 'sample',
    http: {
      method: 'POST',
      path: '/items/sample-1',
      protocol: 'HTTP/1.1',
      sourceIp: '192.0.2.1',
      userAgent: 'sample-client/1.0',
    },
    requestId: 'sample-request-1',
    routeKey: '$default',
    stage: '$default',
    time: '01/Jan/2026:00:00:00 +0000',
    timeEpoch: 1767225600000,
  },
  body: json,
  pathParameters: { id: 'sample-1' },
  stageVariables: { stage: 'sample' },
  isBase64Encoded: false,
};

export const loadBalancer = {
  requestContext: {
    elb: {
      targetGroupArn: 'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/sample-targets/0000000000000000',
    },
  },
  httpMethod: 'POST',
  path: '/items/sample-1',
  queryStringParameters: { view: 'full' },
  headers: {
    accept: 'application/json',
    'content-length': String(json.length),
    'content-type': 'application/json',
    host: 'sample.example.com',
    'user-agent': 'sample-client/1.0',
    'x-amzn-trace-id': 'Root=1-00000000-000000000000000000000000',
    'x-forwarded-for': '192.0.2.1',
    'x-forwarded-port': '443',
    'x-forwarded-proto': 'https',
  },
  body: json,
  isBase64Encoded: false,
};
