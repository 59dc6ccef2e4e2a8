export { virtualClock } from '@ticketing/common/testing';
