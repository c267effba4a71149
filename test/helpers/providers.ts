import {type TestContext} from 'node:test';
import {ModelError, type Failure} from '../../source/core/failure.js';
import {
	type Message,
	type Model,
	type ModelPart,
	type ModelRequest,
} from '../../source/core/model.js';
import {type Endpoint} from '../../source/providers/endpoint.js';
import {
	createModels,
	type ModelsOptions,
} from '../../source/providers/resolve.js';
import {
	startWirePlayer,
	type Scene,
	type SeenRequest,
	type WirePlayer,
} from './wire-player.js';

export type ApiName = Endpoint['api'];

/**
Where a protocol is spoken in `modelPlaying`.
*/
export const providerOf = {
	chat: 'server',
	responses: 'openai',
	anthropic: 'anthropic',
	gemini: 'gemini',
} as const satisfies Record<ApiName, string>;

export const testKey = 'sk-test-0123456789abcdef';

/**
One model behind a wire player that plays these scenes in turn, the last one from then on: `server/mock` by Chat Completions, or `mock` of the vendor that speaks the protocol.
*/
export async function modelPlaying(
	t: TestContext,
	api: ApiName,
	scenes: Scene | readonly Scene[] | ((request: SeenRequest) => Scene),
	options: Partial<ModelsOptions> = {},
): Promise<{model: Model; player: WirePlayer}> {
	const player = await startWirePlayer((seen, index) => {
		if (typeof scenes === 'function') {
			return scenes(seen);
		}

		const list = [scenes].flat();
		return list[index] ?? list.at(-1)!;
	});
	t.after(player.close);

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
			{name: 'server', baseUrl: player.url, keyEnv: 'SERVER_KEY', api: 'chat'},
		],
		...options,
	});
	const model = await models.resolve(`${providerOf[api]}/mock`);

	return {model, player};
}

export function request(
	text: string,
	more: Partial<ModelRequest> = {},
): ModelRequest {
	return {
		system: null,
		messages: [user(text)],
		options: {},
		purpose: 'answer',
		transcriptId: '01jd0000000000000000000001',
		cache: null,
		...more,
	};
}

export const user = (...parts: readonly string[]): Message => ({
	role: 'user',
	parts,
});

/**
A call from beginning to end: its parts, its text and thinking joined, and how it ended.
*/
export async function heard(
	model: Model,
	asked: ModelRequest = request('Hello?'),
	signal: AbortSignal = new AbortController().signal,
) {
	const parts: ModelPart[] = [];
	let thrown: unknown = null;

	try {
		for await (const part of model.call(asked, signal)) {
			parts.push(part);
		}
	} catch (error) {
		thrown = error;
	}

	const failure: Failure | null =
		thrown instanceof ModelError ? thrown.failure : null;
	const joined = (type: 'text' | 'thinking') =>
		parts.map(part => (part.type === type ? part.text : '')).join('');

	return {
		parts,
		thrown,
		failure,
		text: joined('text'),
		thinking: joined('thinking'),
		end: parts.find(part => part.type === 'end') ?? null,
		waits: parts.filter(part => part.type === 'wait'),
	};
}

/**
An address at which nobody listens any more.
*/
export async function closedUrl(): Promise<string> {
	const {url, close} = await startWirePlayer(() => ({body: []}));
	await close();
	return url;
}
