// A table that is asked with words from elsewhere: a plain object would know "constructor" too.

export function tableOf<T>(entries: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
  return new Map(Object.entries(entries));
}
