import {memoryModes, type SavedConsortium} from './consortium.js';
import {compareMemory, type MemoryForecast} from './forecast-memory.js';
import {
	playForecast,
	type ForecastCall,
	type ForecastOptions,
	type Length,
	type Supposition,
} from './forecast-play.js';
import {outermost, sumOf, type ForecastSum} from './forecast-sum.js';
import {
	speakersOf,
	spreadOf,
	type History,
	type OutputHistory,
	type Spread,
} from './history.js';
import {assumedOutputTokens, charactersPerToken} from './limits.js';

export type Forecast = {
	/**
	Every call of the longest run there can be, with replies of likely length.
	*/
	readonly calls: readonly ForecastCall[];

	/**
	With short replies (10th percentile) and few iterations; with usual ones; with long replies (90th percentile), all iterations, and nothing from a prompt cache that promises nothing.
	*/
	readonly low: ForecastSum;
	readonly likely: ForecastSum;
	readonly high: ForecastSum;
	readonly basis: ForecastBasis;

	/**
	Null where the mode makes no difference: with one iteration at most.
	*/
	readonly memory: MemoryForecast | null;

	/**
	Which limit would end the run before its last iteration, in a sentence; null when none would.
	*/
	readonly limit: string | null;

	/**
	False when there are more calls than were forecast.
	*/
	readonly isComplete: boolean;
};

/**
What a forecast goes by.
*/
export type ForecastBasis = {
	/**
	How long replies are, by model; `calls` is 0 where that is assumed.
	*/
	readonly outputs: readonly OutputHistory[];

	/**
	How many iterations it takes. `shares` are those of earlier runs that ended after 1, 2, 3… iterations; without such `runs` it is assumed.
	*/
	readonly iterations: Spread & {
		readonly runs: number;
		readonly shares: readonly number[];
	};
};

/**
The iterations of a run where nothing is known of earlier ones: a rule of thumb.
*/
const assumedIterations = 2;

/**
What every forecast assumes, for whoever reads it.
*/
export const assumptions = `${charactersPerToken} characters a token, replies no longer than maxTokens, no retries`;

/**
What a run would call, how much it would send and what that would cost, by running it with models that answer at once and are never content. Nothing is called. Tokens and costs are estimates, see `assumptions` and the forecast's `basis`; for costs, the prices must be loaded.

@throws UserError for what forbids the run.
*/
export async function forecastRun(
	consortium: SavedConsortium,
	prompt: string,
	{
		history = null,
		...options
	}: ForecastOptions & {readonly history?: History | null},
): Promise<Forecast> {
	const basis = basisOf(consortium, history);
	const suppose = (degree: keyof Spread, iterations: number): Supposition => ({
		lengthOf: (model, purpose) => lengthIn(basis, degree, {model, purpose}),
		isLucky: degree !== 'high',
		iterations,
	});
	const {maxIterations} = consortium;

	const play = async (degree: keyof Spread, iterations: number) =>
		playForecast(consortium, prompt, suppose(degree, iterations), options);

	const low = await play('low', basis.iterations.low);
	const likely = await play('likely', maxIterations);
	const high = await play('high', maxIterations);
	const sums = [
		low.calls,
		likely.calls.filter(({iteration}) => iteration <= basis.iterations.likely),
		high.calls,
	].map(calls => sumOf(calls));

	return {
		calls: likely.calls,
		low: outermost(sums, Math.min),
		likely: sums[1]!,
		high: outermost(sums, Math.max),
		basis,
		memory: await memoryForecast(
			consortium,
			prompt,
			suppose('likely', Math.max(2, basis.iterations.likely)),
			options,
		),
		limit:
			likely.limit ??
			(high.limit === null ? null : `With long replies: ${high.limit}`),
		isComplete: likely.isComplete && high.isComplete,
	};
}

async function memoryForecast(
	consortium: SavedConsortium,
	prompt: string,
	supposition: Supposition,
	options: ForecastOptions,
): Promise<MemoryForecast | null> {
	if (consortium.maxIterations === 1) {
		return null;
	}

	const limits = {...consortium.limits, budgetUsd: null};

	const sumWith = async (memory: SavedConsortium['memory']) => {
		const changed = {...consortium, memory, limits};
		const {calls} = await playForecast(changed, prompt, supposition, options);
		return sumOf(calls);
	};

	const [reply, lean, rebuild] = await Promise.all(
		memoryModes.map(async mode => sumWith(mode)),
	);

	return compareMemory(consortium.memory, {
		reply: reply!,
		lean: lean!,
		rebuild: rebuild!,
	});
}

function basisOf(
	consortium: SavedConsortium,
	history: History | null,
): ForecastBasis {
	const {minIterations, maxIterations} = consortium;
	const within = (iterations: number) =>
		Math.min(maxIterations, Math.max(minIterations, iterations));
	const earlier = history?.iterations ?? [];
	const likely =
		earlier.length === 0 ? assumedIterations : spreadOf(earlier).likely;

	return {
		outputs: speakersOf(consortium).map(
			speaker =>
				history?.outputs.find(
					({model, purpose}) =>
						model === speaker.model && purpose === speaker.purpose,
				) ?? {...speaker, ...assumedOutput},
		),
		iterations: {
			// What never took less may do so the next time.
			low: minIterations,
			likely: within(likely),
			high: maxIterations,
			runs: earlier.length,
			shares: Array.from(
				{length: Math.max(0, ...earlier)},
				(_, index) =>
					earlier.filter(count => count === index + 1).length / earlier.length,
			),
		},
	};
}

const always = (value: number): Spread => ({
	low: value,
	likely: value,
	high: value,
});

const assumedOutput = {
	calls: 0,
	tokens: always(assumedOutputTokens),
	characters: always(assumedOutputTokens * charactersPerToken),
};

/**
How long the replies of a model are. Whatever an arbiter is asked, it is taken for a synthesis.
*/
function lengthIn(
	{outputs}: ForecastBasis,
	degree: keyof Spread,
	{model, purpose}: Pick<ForecastCall, 'model' | 'purpose'>,
): Length {
	const isAnswer = purpose === 'answer';
	const {tokens, characters} = outputs.find(
		each => each.model === model && (each.purpose === 'answer') === isAnswer,
	)!;

	return {tokens: tokens[degree], characters: characters[degree]};
}
