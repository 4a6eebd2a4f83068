import { signatureTimeRefusal } from '../http/signatureDate.ts';
import type { WireAnswer } from '../http/wire.ts';
import type { Intercept } from '../intercept.ts';
import { faultAnswer, garbage, reset, sendCut } from './broken.ts';
import type { CallRecorder } from './calls.ts';
import { type Counters, effectOf } from './effects.ts';
import { resourceOf } from './resource.ts';
import type { TestingOptions } from './testing.ts';

/** Records every call, and lets happen to it what the test of the moment asks for. */
export function interceptFor(
  current: () => TestingOptions | undefined,
  calls: CallRecorder,
  counters: Counters,
): Intercept {
  return async (call, perform) => {
    const { service, route, request, response } = call;
    const { clock } = service;
    const testing = current() ?? { forTestsOnly: true };
    const resource = resourceOf(service, route, request);
    const clientInvocationId = request.headers['amz-sdk-invocation-id'];
    const index = calls.add({
      service: route.service,
      operation: route.operation,
      resource,
      atMs: clock.now(),
      requestId: request.requestId,
      clientInvocationId: typeof clientInvocationId === 'string' ? clientInvocationId : undefined,
    });
    const answered = (answer: WireAnswer): WireAnswer => {
      calls.end(index, clock.now(), answer.status);
      return answer;
    };
    const broken = (): undefined => {
      calls.end(index, clock.now(), undefined);
      return undefined;
    };

    // What is refused for its time comes no further, on the service neither.
    if (signatureTimeRefusal(route.service, request.headers, clock.now()) !== undefined) {
      return answered(await perform(request));
    }
    const info = { index, operation: route.operation, resource };
    const { latencyMs: latency = 0 } = testing;
    const latencyMs = typeof latency === 'number' ? latency : latency(info);
    if (latencyMs > 0) await clock.sleep(latencyMs);
    const fault = testing.faults?.(info);
    if (fault === 'resetBefore') {
      reset(response);
      return broken();
    }
    if (fault === 'hang') return undefined;
    if (typeof fault === 'object' && fault.afterEffect !== true) {
      return answered(faultAnswer(route.service, fault, request.requestId));
    }
    const answer = await effectOf(current() ?? testing, counters, call, info, perform);
    if (typeof fault === 'object') return answered(faultAnswer(route.service, fault, request.requestId));
    switch (fault) {
      case undefined:
        return answered(answer);
      case 'garbage':
        return answered(garbage(answer));
      case 'hangAfter':
        return undefined;
      case 'resetAfter':
        reset(response);
        return broken();
      case 'cutBody':
        sendCut(response, call.render(answer));
        return broken();
    }
  };
}
