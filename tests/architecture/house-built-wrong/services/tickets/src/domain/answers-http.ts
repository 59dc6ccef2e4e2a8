export { Router } from 'express';
