// The product's own words, by language: a test reads what a person reads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export type Language = 'en' | 'hi';
export const LANGUAGES: readonly Language[] = ['en', 'hi'];

/** A text of `app/locales/LANGUAGE/NAMESPACE.json` by its key. */
export function word(language: Language, key: `${string}.${string}`): string {
  const [namespace = '', name = ''] = key.split('.');
  const path = join(__dirname, '..', '..', 'app', 'locales', language, `${namespace}.json`);
  const text = (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>)[name];
  if (text === undefined) throw new Error(`${path} has no ${name}`);
  return text;
}
