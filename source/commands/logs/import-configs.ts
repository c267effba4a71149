import {dirname, join} from 'node:path';
import {demo} from '../../config/demo.js';
import {type Config} from '../../config/config.js';
import {choiceIn} from '../../core/checks.js';
import {type SavedConsortium} from '../../core/consortium.js';
import {UserError} from '../../core/user-error.js';
import {namesIn} from '../../core/nesting.js';
import {presets, vendors} from '../../providers/presets.js';
import {providerOf} from '../../providers/resolve.js';
import {
	readSavedConfigs,
	type SavedConfig,
} from '../../store/import/saved-configs.js';
import {type Log} from '../../store/log.js';
import {type Place} from '../command.js';
import {loadConfig, storeConfig} from '../load-config.js';
import {askConflicts} from './ask-conflict.js';
import {isOrdinaryFile, textsIn} from './beside.js';
import {changingFlags} from './changing-flags.js';
import {
	allowedName,
	planConfigs,
	withConfigs,
	type ConfigsPlan,
	type Conflict,
} from './configs-plan.js';
import {foreignConsortium, shortened} from './foreign-consortium.js';
import {importKeys, type ImportedKeys} from './import-keys.js';
import {type LogsCall} from './logs-call.js';

/**
A sentence, or the end of one, about something by its name; null where it has none.
*/
export type Told = {readonly name: string | null; readonly why: string};

/**
What came of the saved consortiums in a file, and of what lies beside it. Nothing in it does anything to a terminal.
*/
export type ImportedConfigs = {
	/**
	Names under which they are saved since.
	*/
	readonly saved: readonly string[];
	readonly overwritten: readonly string[];
	readonly skipped: readonly string[];

	/**
	Names under which the same was saved before.
	*/
	readonly same: readonly string[];

	/**
	Those that could not be imported.
	*/
	readonly refused: readonly Told[];

	/**
	What is otherwise than it was there.
	*/
	readonly notes: readonly Told[];
	readonly keys: ImportedKeys;

	/**
	What can be done besides, or went wrong beside the file.
	*/
	readonly hints: readonly string[];
};

type Call = Pick<LogsCall, 'place'> & {
	readonly flags: Pick<LogsCall['flags'], 'onConflict' | 'aliases' | 'keys'>;
};

/**
A function that imports the saved consortiums of one file after the other into the configuration. What a person says for all holds for the files that follow, and what lies in a folder is looked at once.

@returns One for a database that is open, by its path. It throws UserError when the configuration or the keys cannot be read or written, and SqliteError when the file cannot be read.
@throws UserError for another `--on-conflict` than there are.
*/
export function createConfigsImport(
	call: Call,
): (db: Log, path: string) => Promise<ImportedConfigs> {
	const seen = new Set<string>();
	const {onConflict} = call.flags;
	let forAll: Conflict | null =
		onConflict === undefined
			? null
			: choiceIn(onConflict, '--on-conflict', changingFlags.onConflict.choices);

	return async (db, path) => {
		const {configs, unread} = readSavedConfigs(db);
		const beside = await lookBeside(call, {
			folder: dirname(path),
			hasConfigs: configs.length > 0,
			seen,
		});
		const converted = convert(configs, beside.aliases);
		const decided = await store(call.place, converted.consortiums, forAll);
		forAll = decided.forAll;
		const {saved, overwritten, skipped, same} = decided.plan;

		return {
			saved: saved.keys().toArray(),
			overwritten,
			skipped,
			same,
			refused: [
				...unread.map(({name, why}) => ({
					name: name === null ? null : shortened(name),
					why,
				})),
				...converted.refused,
			],
			notes: [...renamed(decided.plan), ...converted.notes, ...decided.notes],
			keys: beside.keys,
			hints: beside.hints,
		};
	};
}

const renamed = ({saved}: ConfigsPlan) =>
	saved
		.entries()
		.filter(([as, {from}]) => as !== from)
		.map(([as, {from}]) => ({
			name: from,
			why: `it is called ${as} here, as its name is taken`,
		}))
		.toArray();

/**
The aliases and keys in the folder of a file: used when that was asked for, else named.
*/
async function lookBeside(
	{flags, place}: Call,
	{
		folder,
		hasConfigs,
		seen,
	}: {
		readonly folder: string;
		readonly hasConfigs: boolean;
		readonly seen: Set<string>;
	},
): Promise<{
	readonly aliases: ReadonlyMap<string, string>;
	readonly keys: ImportedKeys;
	readonly hints: readonly string[];
}> {
	const hints: string[] = [];
	const hint = (about: string, sentence: string) => {
		if (!seen.has(about)) {
			seen.add(about);
			hints.push(sentence);
		}
	};

	const attempt = async <Value>(
		path: string,
		work: () => Promise<Value> | Value,
		otherwise: Value,
	) => {
		try {
			return await work();
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			hint(path, `${error.message} ${error.hint}`.trim());
			return otherwise;
		}
	};

	const aliasesPath = join(folder, 'aliases.json');
	const keysPath = join(folder, 'keys.json');
	const noAliases: ReadonlyMap<string, string> = new Map();
	const noKeys: ImportedKeys = {stored: [], skipped: []};
	const hasAliases = hasConfigs && isOrdinaryFile(aliasesPath);
	const hasKeys = !seen.has(keysPath) && isOrdinaryFile(keysPath);

	if (hasAliases && !flags.aliases) {
		hint(
			aliasesPath,
			`${aliasesPath} was not used: --aliases reads the models of consortiums by it.`,
		);
	}

	if (hasKeys && !flags.keys) {
		hint(
			keysPath,
			`${keysPath} was not used: --keys stores those keys in it that have no place here yet.`,
		);
	}

	const aliases =
		hasAliases && flags.aliases
			? await attempt(aliasesPath, () => textsIn(aliasesPath), noAliases)
			: noAliases;
	const keys =
		hasKeys && flags.keys
			? await attempt(keysPath, async () => importKeys(keysPath, place), noKeys)
			: noKeys;
	seen.add(keysPath);
	return {aliases, keys, hints};
}

function convert(
	configs: readonly SavedConfig[],
	aliases: ReadonlyMap<string, string>,
): {
	readonly consortiums: readonly SavedConsortium[];
	readonly refused: readonly Told[];
	readonly notes: readonly Told[];
} {
	const consortiums: SavedConsortium[] = [];
	const refused: Told[] = [];
	const notes: Told[] = [];

	for (const config of configs) {
		const name = allowedName(config.name);
		const shown = shortened(config.name);

		try {
			const converted = foreignConsortium(config, nameless, aliases);
			consortiums.push({...converted.consortium, name});
			notes.push(...converted.notes.map(why => ({name, why})));

			if (name !== config.name) {
				notes.push({
					name: shown,
					why: `it is called ${name} here, as that name is not allowed`,
				});
			}
		} catch (error) {
			if (!(error instanceof UserError)) {
				throw error;
			}

			refused.push({name: shown, why: error.message.replace(/\.$/, '')});
		}
	}

	return {consortiums, refused, notes};
}

/**
Theirs may be that of the built-in consortium, which none can have.
*/
const nameless = 'imported';

/**
Save the consortiums, with whatever a person has to say about names that are taken. What is taken in the meantime is kept.
*/
async function store(
	place: Place,
	consortiums: readonly SavedConsortium[],
	forAll: Conflict | null,
): Promise<{
	readonly plan: ConfigsPlan;
	readonly notes: readonly Told[];
	readonly forAll: Conflict | null;
}> {
	if (consortiums.length === 0) {
		return {plan: planConfigs([], {consortiums: {}}), notes: [], forAll};
	}

	const config = await loadConfig(place);
	const taken: string[] = [];
	const first = planConfigs(consortiums, config, name => {
		taken.push(name);
		return forAll ?? 'suffix';
	});
	const canAsk =
		forAll === null &&
		taken.length > 0 &&
		place.stdin.isTTY === true &&
		place.stderr.isTTY === true;
	const answers = canAsk
		? await askConflicts(place, [...new Set(taken)])
		: {byName: new Map<string, Conflict>(), forAll};
	const conflictOf = (name: string) =>
		taken.includes(name)
			? (answers.byName.get(name) ?? answers.forAll ?? 'suffix')
			: 'suffix';
	let plan = canAsk ? planConfigs(consortiums, config, conflictOf) : first;

	if (plan.saved.size > 0) {
		await storeConfig(place, current => {
			plan = planConfigs(consortiums, current, conflictOf);
			return withConfigs(current, plan);
		});
	}

	return {
		plan,
		notes: modelNotes(plan.saved.values().toArray(), config),
		forAll: answers.forAll,
	};
}

/**
Which models nobody is known here to have.
*/
function modelNotes(
	saved: ReadonlyArray<{readonly consortium: SavedConsortium}>,
	{endpoints, consortiums}: Config,
): Told[] {
	const names = new Set([
		...Object.keys(consortiums),
		...saved.map(({consortium}) => consortium.name),
	]);
	const known = new Set([
		...[...vendors, ...presets, demo].map(({name}) => name),
		...Object.keys(endpoints),
	]);
	const strange = new Set(
		saved
			.flatMap(({consortium}) => namesIn(consortium))
			.filter(
				model => !known.has(providerOf(model) ?? '') && !names.has(model),
			),
	);

	return [...strange].map(model => ({
		name: model,
		why: 'no provider is known here for this model: give it as provider/model with `consortium-tui edit`',
	}));
}
