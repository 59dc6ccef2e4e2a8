export { z as timeSchema } from 'zod';
