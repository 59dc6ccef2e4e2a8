// What the conformance suite asks of a Dapr. Two things play it: the in-process Dapr, and real sidecars.
import { randomBytes } from 'node:crypto';
import express, { type Application, type Router } from 'express';
import {
  type ActorDefinition,
  createHttpApp,
  createMetrics,
  type Dapr,
  type Subscription,
  silentLog,
  type Topic,
} from '../../src';

/** The apps of the suite have the ids of real ones, so that the scopes of components/local apply to them. */
export type AppId = 'orders' | 'tickets' | 'expiration' | 'notifications';

export interface AppPlan {
  subscriptions?: Subscription[];
  internalRoutes?: Router;
  actors?: ActorDefinition[];
}

export interface Stage {
  /** Starts these apps, all at once; called once. */
  start(plans: Record<AppId, AppPlan>): Promise<void>;
  of(app: AppId): Dapr;
  /** Where the app listens, past its sidecar. */
  urlOf(app: AppId): string;
  /** The app is gone while `meanwhile` runs, and then there again. */
  restart(app: AppId, meanwhile: () => Promise<void>): Promise<void>;
  /** The time that reminders go by, ms. */
  nowMs(): number;
  /** Lets time pass and deliveries happen until the condition holds. @throws when it does not within 50 s */
  until(condition: () => boolean | Promise<boolean>, what: string): Promise<void>;
  /** Lets this much time pass. */
  pass(ms: number): Promise<void>;
  /** The ids of the events in the topic's dead letters. */
  deadLetterIds(topic: Topic): Promise<string[]>;
  /** Puts the topic's dead letters back, as an operator would; returns how many events. */
  putBackDeadLetters(topic: Topic): Promise<number>;
  /** The subjects of the mails that went out. */
  mailSubjects(): Promise<string[]>;
  close(): Promise<void>;
}

export const appToken = randomBytes(12).toString('hex');

export const stageSecrets = {
  'jwt-secret': { key: 'a-key-of-the-conformance-suite' },
  'stripe-secret': { secretKey: 'sk_test_1', publishableKey: 'pk_test_1', webhookSecret: 'whsec_1' },
};

/** The app as a service would make it. `actors` is where the adapter has mounted the actors' routes. */
export const stageApp = (
  app: AppId,
  plan: AppPlan,
  token: string,
  { actors, eventBatchWaitMs = 100 }: { actors?: Application | undefined; eventBatchWaitMs?: number } = {},
): Application =>
  createHttpApp({
    log: silentLog,
    metrics: createMetrics(app),
    appApiToken: token,
    eventBatchWaitMs,
    subscriptions: plan.subscriptions ?? [],
    internalRoutes: plan.internalRoutes ?? express.Router(),
    ...(actors ? { actors } : {}),
  });
