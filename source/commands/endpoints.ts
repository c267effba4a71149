import {type SavedEndpoint} from '../config/config.js';
import {closest} from '../core/closest.js';
import {UserError} from '../core/user-error.js';
import {apis, readBaseUrl} from '../providers/endpoint.js';
import {presets, vendors} from '../providers/presets.js';
import {command, type FlagValues, type Place} from './command.js';
import {confirm} from './confirm.js';
import {
	assertEndpointName,
	isVariableName,
	warnOfKey,
} from './endpoint-rules.js';
import {choiceOf} from './flag-values.js';
import {keyRing, type KeyState} from './key-ring.js';
import {loadConfig, storeConfig, storeKeys} from './load-config.js';
import {keyText, serversOf} from './servers.js';
import {without} from './records.js';
import {json, wholeTable, widthOf} from './table.js';
import {noWords, oneWord, verbOf} from './words.js';

const usage = [
	'endpoints [list] [--json]',
	'endpoints add NAME --base-url URL [--key-env VARIABLE] [--api chat|responses|anthropic|gemini]',
	'endpoints remove NAME',
] as const;

const knownFlags = {
	baseUrl: {
		type: 'string',
		value: 'URL',
		meaning: 'Its address, usually ending in /v1.',
	},
	keyEnv: {
		type: 'string',
		value: 'VARIABLE',
		meaning: 'The environment variable that holds its key, if it asks for one.',
	},
	api: {
		type: 'string',
		value: 'API',
		choices: apis,
		meaning: `The protocol it speaks: ${apis.join(', ')}. Default: chat.`,
	},
	json: {type: 'boolean', meaning: 'Print JSON.'},
	force: {
		type: 'boolean',
		meaning: 'Overwrite or remove an endpoint without asking.',
	},
} as const;

type Call = {
	readonly input: readonly string[];
	readonly flags: FlagValues<typeof knownFlags>;
	readonly place: Place;
};

export const endpoints = command({
	usage,
	summary:
		'List, add and remove servers, such as one on your machine, a router or a proxy. Their models are called NAME/MODEL.',
	flags: knownFlags,
	examples: [
		'endpoints',
		'endpoints add lab --base-url http://192.168.1.20:8080/v1',
		'endpoints add fireworks --base-url https://api.fireworks.ai/inference/v1 --key-env FIREWORKS_API_KEY',
		'endpoints add proxy --base-url https://llm.example.org --api anthropic --key-env PROXY_KEY',
		'endpoints remove lab',
	],
	async run(call) {
		const {verb, rest} = verbOf(
			call.input,
			['list', 'add', 'remove'],
			'endpoints',
		);
		const verbs = {list: listAll, add, remove};
		return verbs[verb]({...call, input: rest});
	},
});

async function listAll({input, flags, place}: Call): Promise<number> {
	noWords(input, usage[0]);
	const all = await serversOf(await loadConfig(place), place);
	const servers = all.toSorted(
		(left, right) => Number(right.isAdded) - Number(left.isAdded),
	);

	place.stdout.write(
		flags.json
			? json({
					v: 1,
					endpoints: servers.map(({endpoint, isAdded, keyState}) => ({
						...endpoint,
						isBuiltIn: !isAdded,
						hasKey: endpoint.keyEnv === null ? null : keyState.key !== null,
					})),
				})
			: wholeTable(
					['name', 'api', 'key', 'base URL', ''],
					servers.map(({endpoint, isAdded, keyState}) => [
						endpoint.name,
						endpoint.api,
						keyTold(keyState),
						endpoint.baseUrl,
						isAdded ? 'added' : 'built in',
					]),
					widthOf(place),
				),
	);
	return 0;
}

/**
What is known of a key, with the variable it belongs in where it is missing.
*/
function keyTold(state: KeyState): string {
	const [variable] = state.variables;

	return state.key === null && variable !== undefined
		? `${variable} ${keyText(state)}`
		: keyText(state);
}

async function add({input, flags, place}: Call): Promise<number> {
	const name = oneWord(input, 'The name', usage[1]);
	const endpoint = endpointFrom(name, flags);
	const config = await loadConfig(place);
	const isWanted =
		!Object.hasOwn(config.endpoints, name) ||
		flags.force ||
		(await confirm(
			place,
			`An endpoint called "${name}" exists. Overwrite it?`,
		));

	if (!isWanted) {
		place.stderr.write('Nothing was changed.\n');
		return 0;
	}

	await storeConfig(place, current => ({
		...current,
		endpoints: {...current.endpoints, [name]: endpoint},
	}));

	await warnOfKey(name, endpoint, place);
	place.stdout.write(
		`Added ${name}. Its models are called ${name}/MODEL: consortium-tui run -m ${name}/MODEL PROMPT\n`,
	);
	return 0;
}

/**
@throws UserError for a name, an address, a variable or a protocol that is not allowed. What could be a key is not repeated.
*/
function endpointFrom(name: string, flags: Call['flags']): SavedEndpoint {
	const {baseUrl, keyEnv = null, api = 'chat'} = flags;

	assertEndpointName(name);

	if (baseUrl === undefined) {
		throw new UserError(
			`The address of "${name}" is missing.`,
			`For example: consortium-tui endpoints add ${name} --base-url http://localhost:8080/v1`,
		);
	}

	if (keyEnv !== null && !isVariableName(keyEnv)) {
		throw new UserError(
			'--key-env takes the name of an environment variable, not the key itself.',
			'For example: --key-env LAB_API_KEY',
		);
	}

	return {
		baseUrl: readBaseUrl(baseUrl, `"${name}"`),
		keyEnv,
		api: choiceOf(api, '--api', apis),
	};
}

async function remove({input, flags, place}: Call): Promise<number> {
	const name = oneWord(input, 'The name', usage[2]);
	const {endpoints: saved} = await loadConfig(place);
	const builtIn = new Set([...vendors, ...presets].map(preset => preset.name));

	if (!Object.hasOwn(saved, name)) {
		throw new UserError(
			builtIn.has(name)
				? `The endpoint "${name}" is built in and cannot be removed.`
				: `There is no endpoint called "${name}".`,
			closest(name, Object.keys(saved)).trim(),
		);
	}

	const isWanted =
		flags.force || (await confirm(place, `Remove the endpoint "${name}"?`));

	if (!isWanted) {
		place.stderr.write('Nothing was changed.\n');
		return 0;
	}

	await storeConfig(place, current => ({
		...current,
		endpoints: without(current.endpoints, name),
	}));
	place.stdout.write(`Removed ${name}\n`);

	const ring = await keyRing(place, {endpoints: {}});

	// A key nobody asks for would be sent to whatever is given this name next.
	if (!builtIn.has(name) && ring.get(name)?.source === 'stored') {
		await storeKeys(place, stored => without(stored, name));
		place.stdout.write(`Removed the stored key for ${name}\n`);
	}

	return 0;
}
