// `make dev`: sees what the compiler has written and says which services run older code.
import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import { type Service, services } from '../apps';

export interface ReloadingChanged {
  /** The folder that has `services`. */
  repositoryDir: string;
  onChanged(service: Service): void;
  /** A change is many files: they are one when they come within this time, ms. */
  settleMs?: number;
}

/** @returns what ends it */
export function watchCompiled({ repositoryDir, onChanged, settleMs = 300 }: ReloadingChanged): () => void {
  const waiting = new Map<Service, NodeJS.Timeout>();
  const changed = (service: Service) => {
    clearTimeout(waiting.get(service));
    waiting.set(
      service,
      setTimeout(() => onChanged(service), settleMs),
    );
  };
  const watched = (folder: string, whose: readonly Service[]): FSWatcher =>
    watch(join(repositoryDir, 'services', folder, 'dist'), { recursive: true }, (_what, file) => {
      // Not for maps, types and the compiler's own notes.
      if (file?.endsWith('.js')) for (const service of whose) changed(service);
    });
  const watchers = [watched('common', services), ...services.map((service) => watched(service, [service]))];
  return () => {
    for (const watcher of watchers) watcher.close();
    for (const timer of waiting.values()) clearTimeout(timer);
  };
}
