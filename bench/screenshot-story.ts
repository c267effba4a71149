import {anthropicText} from '../test/helpers/anthropic-scenes.js';
import {geminiText} from '../test/helpers/gemini-scenes.js';
import {responsesText, status} from '../test/helpers/scenes.js';
import {verdictText} from '../test/helpers/play.js';
import {type Scene, type SeenRequest} from '../test/helpers/wire-player.js';

export const question =
	'Can SQLite carry a web service with 50 writes a second?';

/**
What the three of them say, in the first iteration and in the second.
*/
const answers = {
	responses: [
		'Yes. In WAL mode one writer and any number of readers work side by side, and a commit with `synchronous=NORMAL` costs well under a millisecond on an SSD. Fifty writes a second leave it idle most of the time.\n\nWhat matters more:\n\n- one process writes, or writers wait with a `busy_timeout`\n- short transactions: never hold one open across a network call\n- backups go through the backup API, not through `cp`\n\n<final>yes</final>\n<confidence>0.82</confidence>',
		'Yes, with room to spare: thousands of small transactions a second are usual in WAL mode. I agree that two hosts must not share the file over a network drive; that is the real limit, not the rate.\n\n<final>yes</final>\n<confidence>0.93</confidence>',
	],
	anthropic: [
		'It can, as long as it stays on **one host**. The limit is not the number of writes but that there is one writer at a time: 50 transactions of 2 ms each use a tenth of a second. I would measure the slowest transaction, not the mean, and set `busy_timeout` to a few seconds.\n\nI would not do it when several hosts must write.\n\n<final>yes</final>\n<confidence>0.78</confidence>',
		'Yes on one host. Settled for me: WAL, a busy timeout, short transactions. Replication (Litestream or LiteFS) answers the question of backups, which the first round left open.\n\n<final>yes</final>\n<confidence>0.9</confidence>',
	],
	gemini: [
		'Rather not. Each commit waits for the disk, and with `synchronous=FULL` and rotating disks that is about 60 a second, so there is nothing left for peaks. A server database also gives you several hosts, roles and online migrations from the first day.\n\n<final>no</final>\n<confidence>0.55</confidence>',
		'On an SSD and in WAL mode, yes: I had assumed a sync for each commit on rotating disks. I still hold that a service which will need several writing hosts should begin with a server database.\n\n<final>yes</final>\n<confidence>0.74</confidence>',
	],
} as const;

/**
The two verdicts; `label` stands for the one who held something else.
*/
const verdictsAbout = (label: string) => [
	verdictText({
		confidence: 0.61,
		needsIteration: true,
		areas: ['the disk that is assumed', 'one host or several'],
		dissent: `<point labels="${label}">A commit waits for the disk, about 60 a second.</point>`,
		groups: '',
		synthesis:
			'Probably yes on one host: WAL mode and short transactions leave room. The answers assume different disks.',
	}),
	verdictText({
		confidence: 0.91,
		needsIteration: false,
		areas: [],
		dissent: `<point labels="${label}">A service that will need several writing hosts should begin with a server database.</point>`,
		synthesis:
			'**Yes, on one host.** Fifty small writes a second are a few percent of what SQLite does on an SSD.\n\n## What makes it work\n\n1. `PRAGMA journal_mode = WAL` so that readers never wait for the writer\n2. `busy_timeout` of a few seconds, and short transactions\n3. backups by the backup API or by Litestream\n\n```sql\nPRAGMA journal_mode = WAL;\nPRAGMA busy_timeout = 5000;\n```\n\n## When to choose something else\n\nWhen several hosts must write: the file must not be shared over a network drive.',
	}),
];

const textIn = {
	responses: responsesText,
	anthropic: anthropicText,
	gemini: geminiText,
} as const;

/**
Tokens as they may be counted: the second request begins with the first.
*/
const usageOf = (turn: number) => ({
	input: 1240 + turn * 420,
	output: 190,
	...(turn > 0 && {cached: 1180}),
});

/**
Milliseconds between two words.
*/
const pace = {responses: 30, anthropic: 24, gemini: 34, arbiter: 14} as const;

/**
The story as a server tells it: each model by its protocol, the third refused once for its rate.
*/
export function createStory(): (request: SeenRequest) => Scene {
	const counts = new Map<string, number>();

	return ({model, path, raw}) => {
		const count = counts.get(model) ?? 0;
		counts.set(model, count + 1);
		const api = path.endsWith('/responses')
			? 'responses'
			: path.includes('/messages')
				? 'anthropic'
				: 'gemini';

		if (api === 'gemini' && count === 0) {
			return status(429, {
				error: {
					code: 429,
					status: 'RESOURCE_EXHAUSTED',
					message: 'Rate limit reached.',
					details: [
						{
							'@type': 'type.googleapis.com/google.rpc.RetryInfo',
							retryDelay: '3s',
						},
					],
				},
			});
		}

		if (model === 'claude-opus-5-5') {
			const label =
				/answer (?<label>[A-Z])\]\\n(?:Rather not|On an SSD)/.exec(raw)
					?.groups?.['label'] ?? '';
			const verdicts = verdictsAbout(label);
			return {
				...textIn[api](verdicts[count] ?? verdicts.at(-1)!, {
					usage: {input: 2100 + count * 300, output: 320},
				}),
				betweenMs: pace.arbiter,
			};
		}

		const turn = Math.min(api === 'gemini' ? count - 1 : count, 1);
		return {
			...textIn[api](answers[api][turn]!, {usage: usageOf(turn)}),
			latencyMs: 300,
			betweenMs: pace[api],
		};
	};
}
