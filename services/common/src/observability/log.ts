import pino from 'pino';
import { currentTraceparent, traceIdOf } from './trace';

export type Log = pino.Logger;

const secretFields = ['password', 'currentPassword', 'cookie', 'authorization', 'clientSecret'];

export const createLog = (app: string, level: string): Log =>
  pino({
    level,
    base: { app },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[hidden]' },
    mixin: () => {
      const traceId = traceIdOf(currentTraceparent());
      return traceId ? { traceId } : {};
    },
  });

export const silentLog: Log = pino({ level: 'silent' });
