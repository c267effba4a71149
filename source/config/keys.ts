import {statSync} from 'node:fs';
import process from 'node:process';
import {
	changeFile,
	damageIn,
	explained,
	isDamage,
	isPresent,
	openFile,
	pathOf,
	type ConfFile,
} from './conf-file.js';

/**
Stored keys by provider.
*/
export type StoredKeys = Readonly<Record<string, string>>;

type Content = {
	readonly version: number;
	readonly keys: StoredKeys;
};

export type ReadKeys = {
	readonly keys: StoredKeys;

	/**
	What a person should hear about the file, a sentence each; never a key.
	*/
	readonly notices: readonly string[];
};

/**
The keys stored in a folder; without a file, none, and nothing is made. Reading changes nothing: of a damaged file no key is used, and a file that others can read is reported.

@throws UserError when the file cannot be read.
*/
export async function readKeys(folder: string): Promise<ReadKeys> {
	const file = keysFile(folder);

	if (!isPresent(file)) {
		return {keys: {}, notices: []};
	}

	try {
		const {keys} = (await openFile(file)).store;
		return {keys: {...keys}, notices: openness(file)};
	} catch (error) {
		if (!isDamage(error)) {
			throw explained(error, file, 'read');
		}

		return {
			keys: {},
			notices: [
				`None of the stored keys is used: ${pathOf(file)} is damaged (${damageIn(error)}).`,
			],
		};
	}
}

/**
Replace the stored keys by what `change` makes of those that are there at this moment; other processes wait. Nobody else can read the file.

@returns what a person should hear about the file.
@throws UserError when it cannot be read or written.
*/
export async function changeKeys(
	folder: string,
	change: (keys: StoredKeys) => StoredKeys,
): Promise<readonly string[]> {
	return changeFile(keysFile(folder), ({keys}) => ({
		version: 1,
		keys: change({...keys}),
	}));
}

const keysFile = (folder: string): ConfFile<Content> => ({
	folder,
	name: 'keys',
	noun: 'file of keys',
	schema: {
		version: {type: 'integer'},
		keys: {type: 'object', additionalProperties: {type: 'string'}},
	},
	deserialize,
});

/**
What is wrong with it is said without a piece of it.
*/
function deserialize(text: string): Content & Record<string, unknown> {
	let content: unknown;

	try {
		content = JSON.parse(text.replace(/^\uFEFF/, ''));
	} catch {
		throw new SyntaxError('it is not JSON');
	}

	if (
		typeof content !== 'object' ||
		content === null ||
		Array.isArray(content)
	) {
		throw new SyntaxError('it is not a JSON object');
	}

	return content as Content & Record<string, unknown>;
}

function openness(file: ConfFile<Content>): string[] {
	const mode = statSync(pathOf(file)).mode.toString(8);

	return process.platform === 'win32' || mode.endsWith('00')
		? []
		: [`The stored keys can be read by others: chmod 600 ${pathOf(file)}`];
}
