import {closest} from '../core/closest.js';
import {type SavedConsortium} from '../core/consortium.js';
import {UserError} from '../core/user-error.js';
import {
	changeFile,
	damageIn,
	explained,
	isDamage,
	isPresent,
	latestAside,
	openFile,
	openKept,
	type ConfFile,
} from './conf-file.js';
import {configVersion, migrate} from './migrate.js';
import {
	configSchema,
	settingsSchema,
	type endpointApis,
	type themeSettings,
} from './schema.js';

/**
A server a person added; `keyEnv` names the environment variable that holds its key, null when it asks for none.
*/
export type SavedEndpoint = {
	readonly baseUrl: string;
	readonly keyEnv: string | null;
	readonly api: (typeof endpointApis)[number];
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

	/**
	The colours of the app: `auto`, the default, asks the terminal.
	*/
	readonly theme?: (typeof themeSettings)[number];

	/**
	Whether the app rings when a long run ends. Default: true.
	*/
	readonly bell?: boolean;

	/**
	What all runs of a day may cost together, in US dollars. Default: null, which is no limit.
	*/
	readonly dailyLimitUsd?: number | null;

	/**
	The SHA-256 of each command that may check answers.
	*/
	readonly trustedCommands?: readonly string[];
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
	const file = configFile(folder);

	if (!isPresent(file)) {
		return {config: emptyConfig, notices: []};
	}

	const {conf, notices} = await openKept(file);
	const config = {...emptyConfig, ...conf.store};
	return {config, notices: [...notices, ...settingsNotices(config)]};
}

/**
The damaged configuration that was put aside and has not been replaced since, by its path; null when there is none.

@throws UserError when the folder cannot be read.
*/
export function keptAside(folder: string): string | null {
	const file = configFile(folder);
	return isPresent(file) ? null : latestAside(file);
}

/**
The same for one who only looks: a damaged file stays where it is, and whatever is wrong is in the notices. What cannot be read counts as the empty configuration.
*/
export async function inspectConfig(folder: string): Promise<ReadConfig> {
	const file = configFile(folder);

	try {
		if (!isPresent(file)) {
			return {config: emptyConfig, notices: []};
		}

		const config = {...emptyConfig, ...(await openFile(file)).store};
		return {config, notices: settingsNotices(config)};
	} catch (error) {
		const known = isDamage(error) ? error : explained(error, file, 'read');

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
Replace the configuration by what `change` makes of the one that is there at this moment; other processes wait. What `change` throws leaves it untouched.

@returns the notices of `readConfig`.
@throws UserError as `readConfig`, and when the file cannot be written.
*/
export async function changeConfig(
	folder: string,
	change: (config: Config) => Config,
): Promise<readonly string[]> {
	return changeFile(configFile(folder), content =>
		change({...emptyConfig, ...content}),
	);
}

const configFile = (folder: string): ConfFile<Config> => ({
	folder,
	name: 'config',
	noun: 'configuration',
	schema: configSchema,
	deserialize,
});

function deserialize(text: string): Config & Record<string, unknown> {
	const stored: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));

	if (typeof stored !== 'object' || stored === null || Array.isArray(stored)) {
		throw new SyntaxError('it is not a JSON object');
	}

	return migrate({...stored}) as Config & Record<string, unknown>;
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
