export { DaprServer } from '@dapr/dapr';
