import {anthropicText} from '../test/helpers/anthropic-scenes.js';
import {
	startWirePlayer,
	type SeenRequest,
	type WirePlayer,
} from '../test/helpers/wire-player.js';

/**
How far back from a marker the server looks for what it has kept, in blocks.
*/
const lookBack = 20;

type Block = {
	readonly role: string;
	readonly text: string;
	readonly isMarked: boolean;
};

/**
A server that speaks as Anthropic does and keeps prompts as it does, whole blocks at a time and each model for itself, but from the first character on. It counts characters where Anthropic counts tokens.
*/
export async function startCacheServer(
	answer: (request: SeenRequest) => string,
): Promise<WirePlayer> {
	const kept = new Set<string>();

	return startWirePlayer(request => {
		const text = answer(request);
		const usage = countOf(request, kept);
		const scene = anthropicText(text, {
			model: request.model,
			usage: {...usage, output: text.length},
		});
		return {...scene, body: [scene.body.join('')]};
	});
}

function countOf({json, model}: SeenRequest, kept: Set<string>) {
	const blocks = blocksOf(json);
	const lengthTo = (end: number) =>
		blocks.slice(0, end).reduce((sum, {text}) => sum + text.length, 0);
	const keyTo = (end: number) =>
		JSON.stringify([
			model,
			blocks.slice(0, end).map(({role, text}) => [role, text]),
		]);
	const marks = blocks.flatMap(({isMarked}, index) =>
		isMarked ? [index + 1] : [],
	);
	const last = marks.at(-1) ?? 0;
	const readTo = Math.max(
		0,
		...marks
			.flatMap(mark =>
				Array.from({length: lookBack + 1}, (_, back) => mark - back),
			)
			.filter(end => end > 0 && kept.has(keyTo(end))),
	);

	for (const mark of marks) {
		kept.add(keyTo(mark));
	}

	return {
		input: lengthTo(blocks.length),
		cached: lengthTo(readTo),
		cacheWritten: lengthTo(last) - lengthTo(readTo),
	};
}

/**
The blocks of a request in the order they are read; one marker above them marks the last.
*/
function blocksOf(json: SeenRequest['json']): Block[] {
	const messages = json['messages'] as ReadonlyArray<{
		readonly role: string;
		readonly content:
			| string
			| ReadonlyArray<{
					readonly text: string;
					readonly cache_control?: unknown;
			  }>;
	}>;
	const blocks = [
		{role: 'system', text: json['system'] as string, isMarked: false},
		...messages.flatMap(({role, content}) =>
			typeof content === 'string'
				? [{role, text: content, isMarked: false}]
				: content.map(({text, cache_control: marker}) => ({
						role,
						text,
						isMarked: marker !== undefined,
					})),
		),
	];

	return blocks.map((block, index) =>
		json['cache_control'] !== undefined && index === blocks.length - 1
			? {...block, isMarked: true}
			: block,
	);
}
