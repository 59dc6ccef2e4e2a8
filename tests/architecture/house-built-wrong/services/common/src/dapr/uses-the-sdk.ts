export { DaprClient } from '@dapr/dapr';
