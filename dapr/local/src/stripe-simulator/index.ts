/**
 * Stripe for one machine: its HTTP API for what payments uses, its script for browsers, its test cards and webhooks,
 * and misbehaviour on demand. The services and the web client run the same code as against Stripe itself.
 */

export { type Fault, faultSchema } from './admin/faults';
export { approveAuthentication, type CardRefusal, type ConfirmResult, confirmCard } from './client/confirm-card';
export type { Clock } from './clock';
export { testCards } from './payments/cards';
export type { SimulatorSettings } from './settings';
export { type StripeSimulator, startStripeSimulator } from './start-stripe-simulator';
