// Every call of the Track API that customerio-node offers, against the simulator itself or through a proxy that checks both sides.
import { TrackClient } from 'customerio-node';
import { run } from './calls.mjs';

const [base, deliveryId] = process.argv.slice(2);
const client = new TrackClient('sim-site', 'sim-track-key', { url: `${base}api/v1`, retry: { maxRetries: 0 } });
const anne = { type: 'person', identifiers: { id: 'node anne' } };

await run(client, [
  ['identify', 'node anne', { email: 'anne@example.com', plan: 'pro', created_at: 1700000000, cio_subscription_preferences: { topics: { topic_1: true } } }],
  ['identify', 'node bert', { email: 'bert@example.com', plan: 'free', town: 'Ghent' }],
  ['identify', 'cio_d9c100000001', { plan: 'basic' }],
  ['track', 'node anne', { name: 'bought', data: { price: 12.5, sku: '007' }, timestamp: 1790000000 }],
  ['trackAnonymous', 'somebody', { name: 'looked', data: { at: 'a thing' } }],
  ['trackPageView', 'node anne', 'https://example.com/page'],
  ['trackPush', { delivery_id: deliveryId, event: 'opened', device_id: 'token-1', timestamp: 1790000000 }],
  ['addDevice', 'node anne', 'token-1', 'ios', { last_used: 1790000000, device_os: '14.1' }],
  ['addDevice', 'node anne', 'token-2', 'android'],
  ['deleteDevice', 'node anne', 'token-2'],
  ['batch', [
    { ...anne, action: 'identify', attributes: { batch: 'yes' } },
    { ...anne, action: 'event', name: 'batched', attributes: { n: 1 } },
    { type: 'object', action: 'identify', identifiers: { object_type_id: '1', object_id: 'node corp' }, attributes: { name: 'Node Corp' } },
  ]],
  ['entity', { ...anne, action: 'add_relationships', cio_relationships: [{ identifiers: { object_type_id: '1', object_id: 'node corp' } }] }],
  ['mergeCustomers', 'id', 'node anne', 'email', 'bert@example.com'],
  ['getAccountRegion'],
  ['addCustomersToSegment', 7, ['node anne', 'nobody at all']],
  ['addCustomersToSegment', 7, ['first@example.com'], 'email'],
  ['removeCustomersFromSegment', 7, ['1']],
  ['submitForm', 'form-1', { email: 'formed@example.com', colour: 'blue' }],
  ['reportMetric', { delivery_id: deliveryId, metric: 'opened', timestamp: 1790000000 }],
  ['unsubscribe', deliveryId, true],
  ['identify', 'node gone', { email: 'gone@example.com' }],
  ['destroy', 'node gone'],
  ['identify', 'node hushed', {}],
  ['suppress', 'node hushed'],
  ['identify', 'node hushed', { plan: 'back' }],
  ['unsuppress', 'node hushed'],
]);
