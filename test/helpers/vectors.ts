import {readFileSync} from 'node:fs';

/**
Samples of what a text means, from `test/fixtures/vectors`.
*/
export function vectors<Content>(name: string): Content {
	const url = new URL(`../fixtures/vectors/${name}.json`, import.meta.url);
	return JSON.parse(readFileSync(url, 'utf8')) as Content;
}
