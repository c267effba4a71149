import {foldersOf} from '../config/folders.js';
import {UserError} from '../core/user-error.js';
import {plain} from '../text/plain.js';
import {isLogOn, switchLog} from '../store/log-switch.js';
import {
	listResponses,
	responseRoles,
	showResponse,
	type LoggedResponse,
} from '../store/responses.js';
import {command, type FlagValues, type Place} from './command.js';
import {choiceOf, limitOf} from './flag-values.js';
import {logPath} from './load-config.js';
import {excerpt, json, localTime, minuteOf, table, widthOf} from './table.js';
import {withLog} from './with-log.js';
import {noWords, oneWord, verbOf} from './words.js';

const usage = [
	'logs [list] [-n N] [--role ROLE] [--json]',
	'logs show ID [--json]',
	'logs path | status | on | off',
] as const;

const knownFlags = {
	count: {
		type: 'string',
		short: 'n',
		value: 'N',
		meaning: 'List the latest N, all with 0. Default: 20.',
	},
	role: {
		type: 'string',
		value: 'ROLE',
		choices: [...responseRoles, 'all'],
		meaning: `Whose answers: ${responseRoles.join(', ')} or all. Default: final.`,
	},
	json: {type: 'boolean', meaning: 'Print JSON.'},
} as const;

type Call = {
	readonly input: readonly string[];
	readonly flags: FlagValues<typeof knownFlags>;
	readonly place: Place;
};

export const logs = command({
	usage,
	summary:
		'Read the log of every answer. It is a SQLite file that `llm logs -d FILE` and Datasette read too.',
	flags: knownFlags,
	examples: ['logs', 'logs -n 5 --role member', 'logs show 01ka3', 'logs off'],
	async run(call) {
		const {verb, rest} = verbOf(
			call.input,
			['list', 'show', 'path', 'status', 'on', 'off'],
			'logs',
		);
		const verbs = {
			list: listLatest,
			show,
			path: showPath,
			status,
			on: async (each: Call) => switchTo(each, true),
			off: async (each: Call) => switchTo(each, false),
		};
		return verbs[verb]({...call, input: rest});
	},
});

async function listLatest({input, flags, place}: Call): Promise<number> {
	noWords(input, usage[0]);
	const limit = limitOf(flags.count);
	const role = choiceOf(flags.role ?? 'final', '--role', [
		...responseRoles,
		'all',
	]);
	const latest = await withLog(place, log =>
		listResponses(log, {limit, role: role === 'all' ? null : role}),
	);
	const oldestFirst = (latest ?? []).toReversed();

	if (flags.json) {
		place.stdout.write(json(oldestFirst));
	} else if (oldestFirst.length === 0) {
		place.stderr.write('Nothing is in the log yet.\n');
	} else {
		place.stdout.write(
			table(
				['id', 'time', 'model', 'prompt', 'answer'],
				oldestFirst.map(each => [
					each.id,
					minuteOf(momentOf(each)),
					each.model,
					excerpt(each.prompt),
					excerpt(each.response),
				]),
				widthOf(place),
			),
		);
	}

	return 0;
}

async function show({input, flags, place}: Call): Promise<number> {
	const id = oneWord(input, 'The id', usage[1]);
	const response = await withLog(place, log => showResponse(log, id));

	if (response === null) {
		throw new UserError(`There is no log yet, so no "${id}" in it.`);
	}

	if (flags.json) {
		place.stdout.write(json(response));
	} else {
		const text = responseText(response);
		place.stdout.write(place.stdout.isTTY ? plain(text) : text);
	}

	return 0;
}

/**
The times of llm are UTC, which it leaves out.
*/
function momentOf({datetimeUtc}: LoggedResponse): number {
	return Date.parse(
		/(?:Z|[+-]\d{2}:\d{2})$/.test(datetimeUtc)
			? datetimeUtc
			: `${datetimeUtc}Z`,
	);
}

function responseText(response: LoggedResponse): string {
	const {id, role, model, resolvedModel, prompt, system} = response;
	const {consortiumId, conversationId} = response;

	return [
		`${id}  ${role}  ${model}${resolvedModel === null ? '' : ` (${resolvedModel})`}`,
		`${localTime(momentOf(response))}  run ${consortiumId ?? '-'}  conversation ${conversationId ?? '-'}`,
		...(system === null ? [] : ['', 'System', '', system]),
		'',
		'Prompt',
		'',
		prompt,
		'',
		'Answer',
		'',
		response.response,
		'',
	].join('\n');
}

async function showPath({input, place}: Call): Promise<number> {
	noWords(input, usage[2]);
	place.stdout.write(`${logPath(place.environment)}\n`);
	return 0;
}

async function status({input, flags, place}: Call): Promise<number> {
	noWords(input, usage[2]);
	const {logStatus} = await import('../store/log-status.js');
	const path = logPath(place.environment);
	const isOn = isLogOn(foldersOf(place.environment).data);
	const found = await withLog(place, log => logStatus(log, path));
	const now = {
		isOn,
		...(found ?? {path, runs: 0, conversations: 0, responses: 0, sizeBytes: 0}),
	};

	place.stdout.write(
		flags.json
			? json(now)
			: [
					`Logging is ${isOn ? 'on' : 'off'}.`,
					`${now.runs} runs, ${now.conversations} conversations, ${now.responses} answers`,
					`${path} (${(now.sizeBytes / 1e6).toFixed(1)} MB)`,
					'',
				].join('\n'),
	);
	return 0;
}

async function switchTo({input, place}: Call, isOn: boolean): Promise<number> {
	noWords(input, usage[2]);
	switchLog(foldersOf(place.environment).data, isOn);
	place.stdout.write(`Logging is ${isOn ? 'on' : 'off'}.\n`);
	return 0;
}
