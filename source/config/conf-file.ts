import {mkdirSync, readdirSync, renameSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {UserError} from '../core/user-error.js';
import {withLock} from './lock.js';

/**
A file of ours in the folder of the configuration.
*/
export type ConfFile<Content extends object> = {
	readonly folder: string;
	readonly name: 'config' | 'keys';

	/**
	What it is called in sentences.
	*/
	readonly noun: string;
	readonly schema: Readonly<Record<string, object>>;

	/**
	@throws SyntaxError for a text that cannot be its content, in words that may be shown.
	*/
	readonly deserialize: (text: string) => Content & Record<string, unknown>;
};

export type OpenFile<Content> = {store: Content};

export function pathOf({
	folder,
	name,
}: Pick<ConfFile<object>, 'folder' | 'name'>): string {
	return join(folder, `${name}.json`);
}

/**
Whether the file is there.

@throws UserError when something else is.
*/
export function isPresent<Content extends object>(
	file: ConfFile<Content>,
): boolean {
	const present = statSync(pathOf(file), {throwIfNoEntry: false});

	// Reading a pipe waits for somebody at its other end, for ever.
	if (present && !present.isFile() && !present.isDirectory()) {
		throw new UserError(
			`The ${file.noun} ${pathOf(file)} is no ordinary file.`,
			'Move it away.',
		);
	}

	return present !== undefined;
}

/**
Open the file; one that is not there is empty and is not made.

The package is loaded here, on first use: it brings a schema validator that a start without a configuration should not pay for.
*/
export async function openFile<Content extends object>(
	file: ConfFile<Content>,
): Promise<OpenFile<Content>> {
	const open = await opener(file);
	return open();
}

/**
The same, but a damaged file is renamed, so that nothing overwrites it, and reported in the notices.

@throws UserError when the file cannot be read.
*/
export async function openKept<Content extends object>(
	file: ConfFile<Content>,
): Promise<{
	readonly conf: OpenFile<Content>;
	readonly notices: readonly string[];
}> {
	return keepDamaged(file, await opener(file));
}

/**
Replace the content by what `change` makes of the one that is there at this moment; other processes wait. What `change` throws leaves it untouched.

@returns the notices of `openKept`.
@throws UserError when the file cannot be read or written.
*/
export async function changeFile<Content extends object>(
	file: ConfFile<Content>,
	change: (content: Content) => Content,
): Promise<readonly string[]> {
	const open = await opener(file);

	try {
		mkdirSync(file.folder, {recursive: true, mode: 0o700});
		return await withLock(`${pathOf(file)}.lock`, () => {
			const {conf, notices} = keepDamaged(file, open);
			conf.store = change(conf.store);
			return notices;
		});
	} catch (error) {
		throw explained(error, file, 'written');
	}
}

async function opener<Content extends object>({
	folder,
	name,
	schema,
	deserialize,
}: ConfFile<Content>): Promise<() => OpenFile<Content>> {
	const {default: Conf} = await import('conf');

	return () =>
		new Conf({
			cwd: folder,
			configName: name,
			configFileMode: 0o600,
			schema,
			// Our schemas are checked by the tests; checking them at every start takes longer than all the rest.
			ajvOptions: {validateSchema: false, meta: false},
			accessPropertiesByDotNotation: false,
			deserialize,
		});
}

function keepDamaged<Content extends object>(
	file: ConfFile<Content>,
	open: () => OpenFile<Content>,
) {
	try {
		return {conf: open(), notices: []};
	} catch (error) {
		if (!isDamage(error)) {
			throw explained(error, file, 'read');
		}

		const kept = putAside(pathOf(file));
		return {
			conf: open(),
			notices: [
				`The ${file.noun} was damaged and is kept as ${kept}; an empty one is used (${damageIn(error)}).`,
			],
		};
	}
}

/**
The path of the damaged file that was put aside last; null when there is none.
*/
export function latestAside<Content extends object>({
	folder,
	name,
}: ConfFile<Content>): string | null {
	const kept = statSync(folder, {throwIfNoEntry: false})?.isDirectory()
		? readdirSync(folder)
				.filter(each => each.startsWith(`${name}.json.damaged-`))
				.toSorted()
				.at(-1)
		: undefined;

	return kept === undefined ? null : join(folder, kept);
}

/**
Whether an error says that the content is not what it should be.
*/
export function isDamage(error: unknown): error is Error {
	return (
		error instanceof SyntaxError ||
		(error instanceof Error &&
			error.message.startsWith('Config schema violation'))
	);
}

export function damageIn({message}: Error): string {
	return message.replace(
		'Config schema violation: ',
		'it does not fit the schema: ',
	);
}

function putAside(path: string): string {
	const time = new Date().toISOString().replaceAll(/[.:-]/g, '');
	const kept = `${path}.damaged-${time}`;
	renameSync(path, kept);
	return kept;
}

/**
An error of the file system as a sentence; every other as it is.
*/
export function explained<Content extends object>(
	error: unknown,
	file: ConfFile<Content>,
	verb: 'read' | 'written',
): unknown {
	const isOfTheFileSystem =
		error instanceof Error &&
		'code' in error &&
		('syscall' in error || error.code === 'ERR_STRING_TOO_LONG');

	return isOfTheFileSystem
		? new UserError(
				`The ${file.noun} ${pathOf(file)} cannot be ${verb}: ${error.message}.`,
				'Check the permissions of the file and of its folder, or choose another place with CONSORTIUM_TUI_HOME.',
				{cause: error},
			)
		: error;
}
