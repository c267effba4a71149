import {keptAside, type Config} from '../../config/config.js';
import {consortiumsOf} from '../../config/consortiums.js';
import {demo} from '../../config/demo.js';
import {type SavedConsortium} from '../../core/consortium.js';
import {UserError} from '../../core/user-error.js';
import {isLogOn} from '../../store/log-switch.js';
import {withArbiter} from '../../providers/default-arbiter.js';
import {
	type Choice,
	type Continued,
	type Opening,
	type Settings,
} from '../../ui/services.js';
import {consortiumFrom, hasChanges} from '../consortium-flags.js';
import {consortiumAmong, modelsWithKey} from '../defaults.js';
import {keysOn} from '../key-ring.js';
import {savedConsortiums} from '../known-consortiums.js';
import {savedChoice, type Keys} from './choices.js';
import {type Outside} from './outside.js';
import {type SessionLog} from './session-log.js';

/**
What the app starts with.

@throws UserError for a flag that cannot be, and when the configuration cannot be read.
*/
export async function openApp(
	outside: Outside,
	log: SessionLog,
	wanted: string | null,
): Promise<Opening> {
	const {flags, folders, look} = outside;
	const notices: string[] = [];
	const {config, ring} = await look(text => {
		notices.push(text);
	});
	const keys = keysOn(ring);
	const found = wanted === null ? null : await wantedOne(outside, log, wanted);

	if (typeof found === 'string') {
		notices.unshift(found);
	}

	const continued = typeof found === 'string' ? null : found;
	const {
		choice,
		notice,
		isKeyless = false,
	} = continued && flags.consortium === undefined
		? {choice: continued.choice}
		: startFrom(outside, config, keys);
	const given =
		choice && !hasChanges(flags)
			? choice
			: await changedChoice(choice?.consortium ?? null, outside, {
					config,
					keys,
				});

	return {
		choice: given,
		continued: continued && {
			...continued,
			choice: given,
			// What is said of its consortium is for those who ask that one.
			notices: given === continued.choice ? continued.notices : [],
		},
		settings: settingsIn(config),
		notices: [...notices, ...(notice === undefined ? [] : [notice])],
		isKeyless,
		isLogged: !flags.noLog && isLogOn(folders.data),
	};
}

/**
The conversation, or why it cannot be gone on with, in a sentence: the app opens all the same.
*/
async function wantedOne(
	outside: Outside,
	log: SessionLog,
	id: string,
): Promise<Continued | string> {
	try {
		const {continueFrom} = await import('./continuing.js');
		return await continueFrom(outside, log, {id, afterTurn: null});
	} catch (error) {
		if (error instanceof UserError) {
			return `${error.message} ${error.hint}`.trim();
		}

		throw error;
	}
}

type Start = {
	/**
	Null when flags name the members.
	*/
	readonly choice: Choice | null;
	readonly notice?: string;
	readonly isKeyless?: boolean;
};

/**
What flags are applied to: the named consortium, else the default one, else what there are keys for. Whoever lost their configuration, or their default consortium, is not given other models, which would have to be paid for.
*/
function startFrom(
	{flags, folders, suggested}: Outside,
	config: Config,
	keys: Keys,
): Start {
	const isByModel = flags.model.length > 0;
	const kept = isByModel ? null : keptAside(folders.config);

	if (kept !== null) {
		return {
			choice: savedChoice(config, demo.name, keys),
			notice: `The damaged configuration is kept as ${kept}: correct it and move it back to config.json, or remove it. Until then this is the demo, and no model is called.`,
		};
	}

	if (flags.consortium !== undefined) {
		return {choice: savedChoice(config, flags.consortium, keys)};
	}

	if (isByModel) {
		return {choice: null};
	}

	const {default: name} = config;

	if (name !== null) {
		return consortiumsOf(config).some(each => each.name === name)
			? {choice: savedChoice(config, name, keys)}
			: {
					choice: savedChoice(config, demo.name, keys),
					notice: `The default consortium "${name}" is not there any more, and this is the demo: choose another default.`,
				};
	}

	const consortium = consortiumAmong(modelsWithKey(keys));

	if (!consortium) {
		return {choice: savedChoice(config, demo.name, keys), isKeyless: true};
	}

	suggested.push(consortium);
	return {choice: {kind: 'chosen', consortium, isDefault: false}};
}

async function changedChoice(
	base: SavedConsortium | null,
	{flags}: Outside,
	{config, keys}: {readonly config: Config; readonly keys: Keys},
): Promise<Choice> {
	const name = base?.name ?? 'unsaved';
	const given = await consortiumFrom(flags, base, {name, config});

	return {
		kind: 'changed',
		consortium: withArbiter(given, keys, savedConsortiums(config)),
		isDefault: false,
	};
}

function settingsIn({
	settings: {theme = 'auto', bell = true, dailyLimitUsd = null},
}: Config): Settings {
	return {theme, bell, dailyLimitUsd};
}

/**
A consortium of what the servers on this machine have; null when none answers within 300 ms.
*/
export async function findLocal({
	look,
	suggested,
}: Outside): Promise<Choice | null> {
	const {models} = await look();
	const {findLocalModels} = await models();
	const consortium = consortiumAmong(await findLocalModels());

	if (!consortium) {
		return null;
	}

	suggested.push(consortium);
	return {kind: 'chosen', consortium, isDefault: false};
}
