import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {type TestContext} from 'node:test';
import {continueChat} from '../../source/commands/continued.js';
import {type Caching} from '../../source/core/caching.js';
import {
	consortiumDefaults,
	type SavedConsortium,
} from '../../source/core/consortium.js';
import {drive} from '../../source/core/drive.js';
import {type RunEvent} from '../../source/core/events.js';
import {type RunResult} from '../../source/core/result.js';
import {runConsortium} from '../../source/core/run-consortium.js';
import {createModels} from '../../source/providers/resolve.js';
import {openLog} from '../../source/store/database.js';
import {createRunLog} from '../../source/store/run-log.js';
import {createWorld} from '../../source/world.js';
import {templates, verdictText} from './play.js';
import {providerOf, testKey, type ApiName} from './providers.js';
import {repliesIn} from './protocols.js';
import {startWirePlayer, type SeenRequest} from './wire-player.js';

export type Asking = {
	/**
	The conversation that is gone on with; a new one when left out.
	*/
	readonly id?: string;

	/**
	Where it is forked.
	*/
	readonly afterTurn?: number;
	readonly consortium?: Partial<SavedConsortium>;
	readonly caching?: Partial<Caching>;

	/**
	How much later it is than the system's clock says, in milliseconds.
	*/
	readonly laterMs?: number;
};

export type Asked = {
	readonly result: RunResult;
	readonly start: Extract<RunEvent, {type: 'run-start'}>;

	/**
	What a model was sent in this run, in order.
	*/
	readonly heard: (model: string) => SeenRequest[];
};

/**
The synthesis of one iteration of one turn, which no other text contains.
*/
export const synthesisOf = (turn: number, iteration: number) =>
	`Synthesis ${turn}.${iteration} of all.`;

/**
A consortium of two members and an arbiter behind one protocol, and a log file. Everything but the file is made anew for each question and closed after it: each is asked by a program that was just started.

The arbiter is never content. What a model replies holds all that its protocol has to be sent back.
*/
export async function restarting(t: TestContext, api: ApiName) {
	const folder = mkdtempSync(join(tmpdir(), 'restarts-'));
	const path = join(folder, 'log.db');
	const judged = {turn: 0, iteration: 0};
	const counts = new Map<string, number>();

	const player = await startWirePlayer(({model}) => {
		const count = (counts.get(model) ?? 0) + 1;
		counts.set(model, count);

		if (model === 'mock-arbiter') {
			judged.iteration++;
			return repliesIn[api].scene(
				verdictText({
					confidence: judged.iteration / 10,
					needsIteration: true,
					synthesis: synthesisOf(judged.turn, judged.iteration),
					areas: ['A point.'],
				}),
			);
		}

		return repliesIn[api].scene(`${model} says ${count}.`);
	});
	t.after(async () => {
		await player.close();
		rmSync(folder, {recursive: true});
	});

	const usual: SavedConsortium = {
		...consortiumDefaults,
		name: 'duo',
		members: ['one', 'two'].map(slot => memberNamed(api, slot)),
		arbiters: [{model: modelNamed(api, 'arbiter')}],
		maxIterations: 2,
	};

	return {
		async ask(prompt: string, asking: Asking = {}): Promise<Asked> {
			const {id, afterTurn = null, laterMs = 0} = asking;
			const before = player.seen.length;
			const consortium = {...usual, ...asking.consortium};
			const usualWorld = createWorld();
			const world = {...usualWorld, now: () => usualWorld.now() + laterMs};
			const log = openLog(path);
			const events: RunEvent[] = [];
			const write = createRunLog(log);

			try {
				const chat =
					id === undefined
						? null
						: await continueChat(log, world, {id, afterTurn});
				judged.turn = (chat?.conversation.turn ?? 0) + 1;
				judged.iteration = 0;
				const models = createModels({
					random: () => 0,
					keys: {
						openai: testKey,
						anthropic: testKey,
						gemini: testKey,
						server: testKey,
					},
					baseUrls: {
						openai: player.url,
						anthropic: player.url.replace(/\/v1$/, ''),
						gemini: player.url.replace(/\/v1$/, ''),
					},
					endpoints: [
						{name: 'server', baseUrl: player.url, keyEnv: null, api: 'chat'},
					],
				});
				const names = [...consortium.members, ...consortium.arbiters].map(
					({model}) => model,
				);
				const result = await drive(
					runConsortium(consortium, prompt, {
						models: new Map(
							await Promise.all(
								names.map(
									async name => [name, await models.resolve(name)] as const,
								),
							),
						),
						templates,
						world,
						signal: new AbortController().signal,
						...(chat && {conversation: chat.conversation}),
						...(asking.caching && {caching: asking.caching}),
					}),
					[
						write,
						event => {
							events.push(event);
						},
					],
				);
				const [start] = events;
				assert.equal(start?.type, 'run-start');
				const seen = player.seen.slice(before);

				return {
					result,
					start,
					heard: model => seen.filter(each => each.model === `mock-${model}`),
				};
			} finally {
				write.close();
				log.close();
			}
		},
	};
}

export function memberNamed(api: ApiName, slot: string, model = slot) {
	return {slot, model: modelNamed(api, model), count: 1};
}

const modelNamed = (api: ApiName, name: string) =>
	`${providerOf[api]}/mock-${name}`;

const marker = ',"cache_control":{"type":"ephemeral"}';
const listNames = {
	chat: 'messages',
	responses: 'input',
	anthropic: 'messages',
	gemini: 'contents',
} as const satisfies Record<ApiName, string>;

/**
The list of what was said in a request, byte for byte as it was sent, without its markers.
*/
export function listIn(api: ApiName, {raw, json}: SeenRequest): string {
	const list = JSON.stringify(json[listNames[api]]).replaceAll(marker, '');
	assert.ok(raw.replaceAll(marker, '').includes(list));
	return list;
}

/**
Whether each request of a transcript begins, byte for byte, with the one before it and the reply to that as it came, and says one thing more.

@returns what each says more.
*/
export function newMessages(
	api: ApiName,
	model: string,
	requests: readonly SeenRequest[],
): string[] {
	let before = '';

	return requests.map((request, index) => {
		const list = listIn(api, request);
		assert.ok(
			list.startsWith(before),
			`request ${index + 1} of ${model} begins otherwise:\n${list}\n${before}`,
		);
		const more = list.slice(before.length);
		const reply = repliesIn[api]
			.sentBack(`mock-${model} says ${index + 1}.`)
			.map(item => JSON.stringify(item));
		before = `${list.slice(0, -1)},${reply.join(',')},`;
		const said = JSON.parse(more.replace(/^(?!\[)/, '[')) as Array<{
			readonly role: string;
		}>;
		assert.deepEqual(
			said.map(({role}) => role).filter(role => role !== 'system'),
			['user'],
		);
		return more;
	});
}

/**
Where a request to Anthropic is marked: at its end, or at a text of a message.
*/
export function marksIn({json}: SeenRequest): string[] {
	const messages = json['messages'] as ReadonlyArray<{
		readonly content: unknown;
	}>;
	const marked = (value: unknown) =>
		JSON.stringify(value).includes('cache_control');

	return [
		...(json['cache_control'] === undefined ? [] : ['end']),
		...(marked(json['system'] ?? null) ? ['system'] : []),
		...messages.flatMap(({content}, message) =>
			(Array.isArray(content) ? (content as unknown[]) : []).flatMap(
				(block, part) => (marked(block) ? [`${message}.${part}`] : []),
			),
		),
	];
}
