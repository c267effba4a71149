import {UserError} from '../core/user-error.js';
import {readAll} from '../output/standard-input.js';
import {command, type FlagValues, type Place} from './command.js';
import {confirm} from './confirm.js';
import {keyRing} from './key-ring.js';
import {assertKey, stateOf} from './key-rules.js';
import {loadConfig, storeKeys} from './load-config.js';
import {typedSecret} from './secret-entry.js';
import {without} from './records.js';
import {keyText, serversOf, warnIfReadable} from './servers.js';
import {json, wholeTable, widthOf} from './table.js';
import {noWords, oneWord, verbOf} from './words.js';

const usage = [
	'keys [list] [--json]',
	'keys set PROVIDER',
	'keys remove PROVIDER',
] as const;

const knownFlags = {
	json: {type: 'boolean', meaning: 'Print JSON.'},
	force: {type: 'boolean', meaning: 'Remove a key without asking.'},
} as const;

type Call = {
	readonly input: readonly string[];
	readonly flags: FlagValues<typeof knownFlags>;
	readonly place: Place;
};

export const keys = command({
	usage,
	summary:
		'Store keys, in a file only you can read. A key is typed unseen, or read from standard input; it is never an argument and never printed. A stored key comes before one in the environment.',
	flags: knownFlags,
	examples: [
		'keys',
		'keys set anthropic',
		'pass show openai | consortium-tui keys set openai',
		'keys remove anthropic',
	],
	async run(call) {
		const {verb, rest} = verbOf(call.input, ['list', 'set', 'remove'], 'keys');
		const verbs = {list, set, remove};
		return verbs[verb]({...call, input: rest});
	},
});

async function list({input, flags, place}: Call): Promise<number> {
	noWords(input, usage[0]);
	const ring = await keyRing(place, await loadConfig(place));
	const states = ring.values().toArray();

	place.stdout.write(
		flags.json
			? json({
					v: 1,
					keys: states.map(({provider, source, variables}) => ({
						provider,
						source,
						variables,
					})),
				})
			: wholeTable(
					['provider', 'key', 'looked for in'],
					states.map(state => [
						state.provider,
						keyText(state),
						state.variables.join(', '),
					]),
					widthOf(place),
				),
	);
	return 0;
}

async function set({input, place}: Call): Promise<number> {
	if (input.length > 1) {
		throw new UserError(
			'A key is never an argument: others can see it in the list of processes, and the shell keeps it in its history.',
			`Type it unseen: consortium-tui keys set ${input[0]!}   or pipe it in. If that was a real key, make a new one.`,
		);
	}

	const config = await loadConfig(place);
	const {provider, variables} = stateOf(
		await keyRing(place, config),
		oneWord(input, 'The provider', usage[1]),
	);
	const entry = place.stdin.isTTY
		? await typedSecret(place, `Key for ${provider}`)
		: {secret: await pipedSecret(place)};

	if (entry.secret === null) {
		place.stderr.write('Nothing was changed.\n');
		return entry.exitCode;
	}

	const key = entry.secret.trim();
	assertKey(key, {provider, variables});
	await storeKeys(place, stored => ({...stored, [provider]: key}));
	place.stdout.write(`Stored the key for ${provider}.\n`);

	const hidden = variables.find(
		variable => (place.environment[variable] ?? '').trim() !== '',
	);

	if (hidden !== undefined) {
		place.stderr.write(
			`${hidden} is set, too; the stored key comes before it.\n`,
		);
	}

	const servers = await serversOf(config, place);
	const server = servers.find(({endpoint}) => endpoint.name === provider);

	if (server?.addressProblem === null) {
		warnIfReadable(server.endpoint.baseUrl, place);
	}

	return 0;
}

async function pipedSecret({stdin, stderr}: Place): Promise<string> {
	return readAll(stdin, () => {
		stderr.write('Waiting for the key on standard input.\n');
	});
}

async function remove({input, flags, place}: Call): Promise<number> {
	const ring = await keyRing(place, await loadConfig(place));
	const {provider, source, variables} = stateOf(
		ring,
		oneWord(input, 'The provider', usage[2]),
	);

	if (source !== 'stored') {
		throw new UserError(
			`No key for ${provider} is stored.`,
			source === null ? '' : `The one in use stands in ${source}.`,
		);
	}

	const isWanted =
		flags.force ||
		(await confirm(place, `Remove the stored key for ${provider}?`));

	if (!isWanted) {
		place.stderr.write('Nothing was changed.\n');
		return 0;
	}

	await storeKeys(place, stored => without(stored, provider));
	place.stdout.write(`Removed the stored key for ${provider}.\n`);

	const left = variables.find(
		variable => (place.environment[variable] ?? '').trim() !== '',
	);

	if (left !== undefined) {
		place.stderr.write(`The one in ${left} is used now.\n`);
	}

	return 0;
}
