import {isDeepStrictEqual} from 'node:util';
import {type Config} from '../../config/config.js';
import {demo} from '../../config/demo.js';
import {type SavedConsortium} from '../../core/consortium.js';

/**
What to do with a consortium whose name is taken by another one.
*/
export type Conflict = 'suffix' | 'overwrite' | 'skip';

export type ConfigsPlan = {
	/**
	By the names they will have, each with the name it came with.
	*/
	readonly saved: ReadonlyMap<
		string,
		{readonly from: string; readonly consortium: SavedConsortium}
	>;
	readonly overwritten: readonly string[];
	readonly skipped: readonly string[];

	/**
	Names under which the same is saved already.
	*/
	readonly same: readonly string[];
};

const longestName = 64;

/**
A name that is allowed here, made of one that may not be.
*/
export function allowedName(name: string): string {
	const signs = name
		.normalize('NFC')
		.replaceAll(/[^\p{L}\p{N}\p{M}._-]+/gu, '-')
		.replace(/^[^\p{L}\p{N}]+/u, '');

	return cut(signs, longestName) || 'consortium';
}

/**
What becomes of consortiums in a configuration. One that is saved already, under its name or one with a number behind it, is not saved again. Two of the same name that come together are both kept. `conflictOf` says what to do where a name is taken by another one; by default, keep both.
*/
export function planConfigs(
	consortiums: readonly SavedConsortium[],
	config: Pick<Config, 'consortiums'>,
	conflictOf: (name: string) => Conflict = () => 'suffix',
): ConfigsPlan {
	const saved = new Map<
		string,
		{readonly from: string; readonly consortium: SavedConsortium}
	>();
	const overwritten: string[] = [];
	const skipped: string[] = [];
	const same: string[] = [];
	const here = (name: string) =>
		saved.get(name)?.consortium ??
		(Object.hasOwn(config.consortiums, name)
			? config.consortiums[name]
			: undefined);

	for (const consortium of consortiums) {
		const {name} = consortium;
		const {free, equal} = placeFor(consortium, here);

		if (equal !== null) {
			same.push(equal);
			continue;
		}

		const mayChoose = free !== name && name !== demo.name && !saved.has(name);
		const conflict = mayChoose ? conflictOf(name) : 'suffix';

		if (conflict === 'skip') {
			skipped.push(name);
			continue;
		}

		const as = conflict === 'overwrite' ? name : free;
		saved.set(as, {from: name, consortium: {...consortium, name: as}});

		if (conflict === 'overwrite') {
			overwritten.push(name);
		}
	}

	return {saved, overwritten, skipped, same};
}

/**
The configuration as planned.
*/
export function withConfigs(config: Config, {saved}: ConfigsPlan): Config {
	return {
		...config,
		consortiums: {
			...config.consortiums,
			...Object.fromEntries(
				saved.entries().map(([name, {consortium}]) => [name, consortium]),
			),
		},
	};
}

/**
The first free one of NAME, NAME-2, NAME-3 and so on, and the one before it that has the same consortium.
*/
function placeFor(
	consortium: SavedConsortium,
	here: (name: string) => SavedConsortium | undefined,
): {readonly free: string; readonly equal: string | null} {
	for (let number = 1; ; number++) {
		const end = number === 1 ? '' : `-${number}`;
		const name = `${cut(consortium.name, longestName - end.length)}${end}`;
		const other = name === demo.name ? demo : here(name);

		if (!other) {
			return {free: name, equal: null};
		}

		if (isDeepStrictEqual({...other, name}, {...consortium, name})) {
			return {free: name, equal: name};
		}
	}
}

const cut = (text: string, length: number) =>
	[...text].slice(0, length).join('');
