export type RecordedAnswer = {
	/**
	Null where nothing is left of what it stood for.
	*/
	readonly text: string | null;
	readonly model: string | null;

	/**
	Counted from 1.
	*/
	readonly instance: number | null;
	readonly responseId: string | null;
};

export type RecordedIteration = {
	/**
	Those who answered.
	*/
	readonly answers: readonly RecordedAnswer[];

	/**
	The arbiter's words; null where they were not recorded.
	*/
	readonly verdict: string | null;
	readonly synthesis: string | null;
};

/**
A run as the plug-in recorded it in the response that is its answer.
*/
export type Recorded = {
	readonly question: string | null;

	/**
	Null for an iteration of which only its number is known.
	*/
	readonly iterations: ReadonlyArray<RecordedIteration | null>;
	readonly arbiter: string | null;

	/**
	Whether it had an arbiter at all.
	*/
	readonly hasArbiter: boolean;
	readonly models: readonly string[];
	readonly consortiumId: string | null;

	/**
	0 to 1.
	*/
	readonly confidence: number | null;
};

/**
The text behind a key that llm put in its place; null when it is gone.
*/
export type Resolve = (key: string) => string | null;

type Json = Readonly<Record<string, unknown>>;

const maxIterations = 100;

/**
Read what a response's JSON tells of its run, in the shape of any version of the plug-in; null when it has none of them. llm's references to texts it knows (since 0.24) are followed where a text is read.
*/
export function readRecorded(json: string, resolve: Resolve): Recorded | null {
	const whole = parse(json);
	const verdict = object(whole?.['final_synthesis'] ?? whole?.['synthesis']);

	if (!whole || !verdict || !('original_prompt' in whole)) {
		return null;
	}

	const text = (value: unknown) => textOf(value, resolve);
	const metadata = object(whole['metadata']) ?? {};
	const config =
		object(metadata['config']) ?? object(metadata['config_used']) ?? {};
	const arbiter =
		text(metadata['arbiter']) ??
		text(metadata['arbiter_used']) ??
		text(config['arbiter']);

	return {
		question: text(whole['original_prompt']),
		iterations: iterationsOf(whole, verdict, text),
		arbiter,
		hasArbiter: arbiter !== null || !('arbiter' in config),
		models: modelsOf(config['models'] ?? metadata['models_used']),
		consortiumId: text(metadata['consortium_id']),
		confidence: share(verdict['confidence']),
	};
}

function parse(json: string): Json | null {
	try {
		return object(JSON.parse(json));
	} catch {
		return null;
	}
}

function object(value: unknown): Json | null {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as Json)
		: null;
}

function list(value: unknown): unknown[] {
	return Array.isArray(value) ? value.slice(0, 1000) : [];
}

/**
A text, or what llm made of one: `{"$": key}`, or `{"$r": [pieces]}`. Null when a piece is gone.
*/
function textOf(value: unknown, resolve: Resolve): string | null {
	if (typeof value === 'string') {
		return value;
	}

	const {$: key, $r: pieces} = object(value) ?? {};

	if (typeof key === 'string') {
		return resolve(key);
	}

	if (!Array.isArray(pieces)) {
		return null;
	}

	const texts = pieces.map(piece => {
		const inner = object(piece)?.['$'];
		return typeof inner === 'string'
			? resolve(inner)
			: typeof piece === 'string'
				? piece
				: null;
	});

	return texts.includes(null) ? null : texts.join('');
}

function iterationsOf(
	whole: Json,
	verdict: Json,
	text: (value: unknown) => string | null,
): Array<RecordedIteration | null> {
	const listed = list(whole['iterations'] ?? whole['iteration_history']);
	const read = (each: Json, of: Json, base: number): RecordedIteration => ({
		answers: answersOf(each, text, base),
		verdict: text(of['raw_arbiter_response']),
		synthesis: text(of['synthesis']),
	});

	if ('iterations' in whole || 'iteration_history' in whole) {
		// Only the version with `iterations` counts instances from 0.
		const base = 'iterations' in whole ? 0 : 1;
		return listed.slice(0, maxIterations).map(each => {
			const iteration = object(each);
			return iteration === null
				? null
				: read(iteration, object(iteration['synthesis']) ?? {}, base);
		});
	}

	const count = object(whole['metadata'])?.['iteration_count'];
	const before =
		typeof count === 'number' && count >= 1
			? Math.min(Math.floor(count), maxIterations) - 1
			: 0;

	return [
		...Array.from({length: before}, () => null),
		read(
			{
				model_responses:
					whole['model_responses_final_iteration'] ?? whole['model_responses'],
			},
			verdict,
			1,
		),
	];
}

function answersOf(
	iteration: Json,
	text: (value: unknown) => string | null,
	base: number,
): RecordedAnswer[] {
	return list(iteration['model_responses']).flatMap(each => {
		const answer = object(each);

		if (!answer || typeof answer['error'] === 'string') {
			return [];
		}

		const {instance} = answer;
		return [
			{
				text: text(answer['response']),
				model: text(answer['model']),
				instance:
					typeof instance === 'number' && Number.isSafeInteger(instance)
						? instance + 1 - base
						: null,
				responseId: text(answer['response_id']),
			},
		];
	});
}

function modelsOf(value: unknown): string[] {
	return Array.isArray(value)
		? list(value).filter(each => typeof each === 'string')
		: Object.keys(object(value) ?? {});
}

function share(value: unknown): number | null {
	return typeof value === 'number' && value >= 0 && value <= 100
		? value > 1
			? value / 100
			: value
		: null;
}
