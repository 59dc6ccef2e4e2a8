import type { Appearance } from '@stripe/stripe-js';
import { useSyncExternalStore } from 'react';

const darkScheme = '(prefers-color-scheme: dark)';

/** How the card fields look: they live in a frame of another origin, so our colours are told rather than inherited. */
export function useAppearance(): Appearance {
  const isDark = useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(darkScheme);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => window.matchMedia(darkScheme).matches,
    () => false,
  );
  return appearanceOf(isDark);
}

function appearanceOf(isDark: boolean): Appearance {
  const style = getComputedStyle(document.body);
  const variable = (name: string) => style.getPropertyValue(name).trim();
  const variables: Record<string, string> = {
    colorPrimary: variable('--rf-primary'),
    colorBackground: variable('--rf-surface'),
    colorText: variable('--rf-ink'),
    colorDanger: variable('--rf-danger'),
    borderRadius: variable('--bs-border-radius'),
    fontFamily: 'Inter, system-ui, sans-serif',
    fontSizeBase: '16px',
  };
  return {
    theme: isDark ? 'night' : 'stripe',
    variables: Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== '')),
  };
}
