import {type TestContext} from 'node:test';
import {chatText, responsesText} from './scenes.js';
import {
	startWirePlayer,
	type Scene,
	type SeenRequest,
	type WirePlayer,
} from './wire-player.js';

/**
What a model says to its first, second, … request: a text, or a scene. The last one holds from then on.
*/
export type Script = ReadonlyArray<string | Scene>;

export type Scripted = WirePlayer & {
	/**
	The environment in which `openai/…` is this server.
	*/
	readonly env: Readonly<Record<string, string>>;

	/**
	What one model was sent, in order.
	*/
	readonly heard: (model: string) => SeenRequest[];
};

export const secretKey = 'sk-test-secret-0123456789abcdef';

/**
A server on which every model follows a script of its own, by both protocols.
*/
export async function serve(
	t: TestContext,
	scripts: Readonly<Record<string, Script>>,
): Promise<Scripted> {
	const counts = new Map<string, number>();

	const player = await startWirePlayer(({model, path}) => {
		const count = counts.get(model) ?? 0;
		counts.set(model, count + 1);
		const script = scripts[model] ?? ['Nobody wrote this model a script.'];
		const line = script[count] ?? script.at(-1)!;

		if (typeof line !== 'string') {
			return line;
		}

		return path.endsWith('/responses')
			? responsesText(line, {model})
			: chatText(line, {model});
	});
	t.after(player.close);

	return {
		...player,
		env: {OPENAI_BASE_URL: player.url, OPENAI_API_KEY: secretKey},
		heard: model => player.seen.filter(request => request.model === model),
	};
}
