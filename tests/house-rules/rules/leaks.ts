import { posix } from 'node:path';
import { at, CODE, type Rule, type SourceFile } from './source.ts';

// The patterns are written so that they do not match their own text.
const UNFINISHED = /\b(?:TO[D]O|FIX[M]E)\b/g;
const MACHINE_PATH = /(?<![\w.$}*-])\/(?:work|root|home)\/(?=[\w.])/g;
const REGISTRY =
  /\bregistry\.[a-z0-9-]+\.[a-z]{2,}|\bhttps?:\/\/[^\s/'"`]*(?:registry|artifactory|verdaccio|npmmirror)[^\s/'"`]*/g;
const OUTSIDE = /(?:\.\.\/)+shared\b|\bshared\/design\b/g;

/** Nothing is left as a note for later. */
export const noUnfinished: Rule = files =>
  files
    .filter(({ path }) => CODE.test(path) || path.endsWith('.md'))
    .flatMap(file => [...file.text.matchAll(UNFINISHED)].map(m => at(file, m.index, `says ${m[0]}`)));

/** Whether the text names a place outside the project, and not a folder of the same name inside it. */
function leaves(file: SourceFile, match: string): boolean {
  return (
    !match.startsWith('../') || posix.normalize(posix.join(posix.dirname(file.path), match)).startsWith('..')
  );
}

/** No path of a machine, no package registry's host and no folder outside the project is named anywhere. */
export const noMachineNames: Rule = files =>
  files.flatMap(file => [
    ...[...file.text.matchAll(MACHINE_PATH)].map(m => at(file, m.index, `names a machine's path: ${m[0]}`)),
    ...[...file.text.matchAll(REGISTRY)].map(m => at(file, m.index, `names a registry's host: ${m[0]}`)),
    ...[...file.text.matchAll(OUTSIDE)]
      .filter(m => leaves(file, m[0]))
      .map(m => at(file, m.index, `names a folder outside the project: ${m[0]}`)),
  ]);
