import {mkdirSync, renameSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {closest} from '../core/closest.js';
import {type SavedConsortium} from '../core/consortium.js';
import {UserError} from '../core/user-error.js';
import {withLock} from './lock.js';
import {configVersion, migrate} from './migrate.js';
import {configSchema, settingsSchema} from './schema.js';

/**
An OpenAI-compatible server a person added; `keyEnv` names the environment variable that holds its key, null when it asks for none.
*/
export type SavedEndpoint = {
	readonly baseUrl: string;
	readonly keyEnv: string | null;
	readonly api: 'chat' | 'responses';
};

export type Settings = {
	/**
	Calls in flight at one provider.
	*/
	readonly providerLimit?: number;

	/**
	How long a server may be silent, before the first byte of a reply and between two bytes of it.
	*/
	readonly firstByteSeconds?: number;
	readonly stallSeconds?: number;

	/**
	By `provider/model`, in US dollars per million tokens.
	*/
	readonly prices?: Readonly<
		Record<
			string,
			{
				readonly input: number;
				readonly output: number;
				readonly cacheRead?: number;
				readonly cacheWrite?: number;
			}
		>
	>;
};

export type Config = {
	readonly version: number;

	/**
	The consortium to use when none is named.
	*/
	readonly default: string | null;
	readonly consortiums: Readonly<Record<string, SavedConsortium>>;
	readonly endpoints: Readonly<Record<string, SavedEndpoint>>;
	readonly settings: Settings;
};

export type ReadConfig = {
	readonly config: Config;

	/**
	What a person should hear about the file, a sentence each.
	*/
	readonly notices: readonly string[];
};

const emptyConfig: Config = {
	version: configVersion,
	default: null,
	consortiums: {},
	endpoints: {},
	settings: {},
};

/**
The configuration of a folder; without a file, the empty one, and nothing is made. A damaged file is renamed, so that nothing overwrites it, and reported in the notices.

@throws UserError when the file cannot be read, or was made by a newer version.
*/
export async function readConfig(folder: string): Promise<ReadConfig> {
	if (!isPresent(folder)) {
		return {config: emptyConfig, notices: []};
	}

	const {openConf} = await loadConf(folder);
	const {conf, notices} = openConf();
	const config = {...emptyConfig, ...conf.store};
	return {config, notices: [...notices, ...settingsNotices(config)]};
}

/**
The same for one who only looks: a damaged file stays where it is, and whatever is wrong is in the notices. What cannot be read counts as the empty configuration.
*/
export async function inspectConfig(folder: string): Promise<ReadConfig> {
	try {
		if (!isPresent(folder)) {
			return {config: emptyConfig, notices: []};
		}

		const {open} = await loadConf(folder);
		const config = {...emptyConfig, ...open().store};
		return {config, notices: settingsNotices(config)};
	} catch (error) {
		const known = isDamage(error) ? error : explained(error, folder, 'read');

		if (known instanceof UserError) {
			return {
				config: emptyConfig,
				notices: [`${known.message} ${known.hint}`.trim()],
			};
		}

		if (!isDamage(known)) {
			throw known;
		}

		return {
			config: emptyConfig,
			notices: [`The configuration is damaged: ${damageIn(known)}.`],
		};
	}
}

/**
@throws UserError when something else than a file is there.
*/
function isPresent(folder: string): boolean {
	const present = statSync(pathOf(folder), {throwIfNoEntry: false});

	// Reading a pipe waits for somebody at its other end, for ever.
	if (present && !present.isFile() && !present.isDirectory()) {
		throw new UserError(
			`The configuration ${pathOf(folder)} is no ordinary file.`,
			'Move it away.',
		);
	}

	return present !== undefined;
}

/**
Replace the configuration by what `change` makes of the one that is there at this moment; other processes wait. What `change` throws leaves it untouched.

@returns the notices of `readConfig`.
@throws UserError as `readConfig`, and when the file cannot be written.
*/
export async function changeConfig(
	folder: string,
	change: (config: Config) => Config,
): Promise<readonly string[]> {
	const {openConf} = await loadConf(folder);

	try {
		mkdirSync(folder, {recursive: true, mode: 0o700});
		return await withLock(`${pathOf(folder)}.lock`, () => {
			const {conf, notices} = openConf();
			conf.store = change({...emptyConfig, ...conf.store});
			return notices;
		});
	} catch (error) {
		throw explained(error, folder, 'written');
	}
}

const pathOf = (folder: string) => join(folder, 'config.json');

/**
The package is loaded here, on first use: it brings a schema validator that a start without a configuration should not pay for.
*/
async function loadConf(folder: string) {
	const {default: Conf} = await import('conf');

	const open = () =>
		new Conf<Config>({
			cwd: folder,
			configName: 'config',
			configFileMode: 0o600,
			schema: configSchema,
			// Our schema is checked by the tests; checking it at every start takes longer than all the rest.
			ajvOptions: {validateSchema: false, meta: false},
			accessPropertiesByDotNotation: false,
			deserialize,
		});

	return {
		open,
		openConf() {
			try {
				return {conf: open(), notices: []};
			} catch (error) {
				if (!isDamage(error)) {
					throw explained(error, folder, 'read');
				}

				const kept = putAside(pathOf(folder));
				return {
					conf: open(),
					notices: [
						`The configuration was damaged and is kept as ${kept}; an empty one is used (${damageIn(error)}).`,
					],
				};
			}
		},
	};
}

function deserialize(text: string): Config {
	const stored: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));

	if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
		throw new SyntaxError('it is not a JSON object');
	}

	return migrate({...stored}) as Config;
}

function isDamage(error: unknown): error is Error {
	return (
		error instanceof SyntaxError ||
		(error instanceof Error &&
			error.message.startsWith('Config schema violation'))
	);
}

function damageIn({message}: Error): string {
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

function explained(
	error: unknown,
	folder: string,
	verb: 'read' | 'written',
): unknown {
	const isOfTheFileSystem =
		error instanceof Error && 'code' in error && 'syscall' in error;

	return isOfTheFileSystem
		? new UserError(
				`The configuration ${pathOf(folder)} cannot be ${verb}: ${error.message}.`,
				'Check the permissions of the file and of its folder, or choose another place with CONSORTIUM_TUI_HOME.',
				{cause: error},
			)
		: error;
}

function settingsNotices({settings}: Config): string[] {
	const known = Object.keys(settingsSchema);

	return Object.keys(settings)
		.filter(key => !known.includes(key))
		.map(
			key =>
				`The setting "${key}" in the configuration is not known and does nothing.${closest(key, known)}`,
		);
}
