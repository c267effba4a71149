import {memoryModes, type SavedConsortium} from './consortium.js';
import {type ForecastCall} from './forecast-listener.js';
import {compareMemory, type MemoryForecast} from './forecast-memory.js';
import {
	playForecast,
	type ForecastOptions,
	type Supposition,
} from './forecast-play.js';
import {
	certainOf,
	leastOf,
	mostOf,
	shortBehaviours,
	sumsOfChosen,
	unnarrowed,
} from './forecast-range.js';
import {type Length} from './forecast-stand-in.js';
import {
	outermost,
	sumOf,
	withinBudget,
	type ForecastSum,
} from './forecast-sum.js';
import {
	speakersOf,
	spreadOf,
	type History,
	type OutputHistory,
	type Spread,
} from './history.js';
import {noConsortiums, wholeOf, type Consortiums} from './nesting.js';
import {assumedOutputTokens, charactersPerToken} from './limits.js';

export type Forecast = {
	/**
	Every call of the longest run there can be, with replies of likely length.
	*/
	readonly calls: readonly ForecastCall[];

	/**
	With short replies (10th percentile), few iterations and whatever else spares calls; with usual ones; with long replies (90th percentile), all iterations, values that contradict each other, close calls, second requests to the silent, and nothing from a prompt cache that promises nothing.
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
export const assumptions = `${charactersPerToken} characters a token, replies no longer than maxTokens, no failures, no retries, no repairs of verdicts, rankings where they are asked for`;

/**
What a run would call, how much it would send and what that would cost, by running it with models that answer at once. Nothing is called. Tokens and costs are estimates, see `assumptions` and the forecast's `basis`; for costs, the prices must be loaded.

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
	const basis = basisOf(consortium, history, options.consortiums);
	const suppose = (
		degree: keyof Spread,
		changes: Partial<Supposition> = {},
	): Supposition => ({
		lengthOf: (model, purpose) => lengthIn(basis, degree, {model, purpose}),
		isLucky: degree !== 'high',
		finals: degree === 'high' ? 'different' : 'none',
		contentFrom: Infinity,
		iterations: basis.iterations[degree],
		insideOf: inner => insideOf(inner, degree),
		...changes,
	});
	const play = async (played: SavedConsortium, supposition: Supposition) =>
		playForecast(played, prompt, supposition, options);

	const likely = await play(
		consortium,
		suppose('likely', {iterations: consortium.maxIterations}),
	);
	const usual = sumOf(
		likely.calls.filter(({iteration}) => iteration <= basis.iterations.likely),
	);
	const high = await play(mostOf(consortium), suppose('high'));
	const {budgetUsd} = consortium.limits;
	const whole = wholeOf(consortium, options.consortiums ?? noConsortiums);

	/**
	What it may come to, with those chosen who cost the least or the most, where fewer are asked than there are.
	*/
	const sumsWith = async (
		narrow: SavedConsortium,
		calls: readonly ForecastCall[],
		supposition: Supposition,
		choose: 'least' | 'most',
	) => {
		const open = unnarrowed(narrow);

		if (open === null) {
			return [sumOf(calls)];
		}

		const {calls: all} = await play(open, supposition);
		return sumsOfChosen(
			calls,
			choose === 'least' ? certainOf(all, whole) : all,
			choose,
		);
	};

	const lowSums: ForecastSum[] = [];
	const least = leastOf(consortium);

	for (const behaviour of shortBehaviours(consortium, whole)) {
		const supposition = suppose('low', behaviour);
		const {calls} = await play(least, supposition);
		lowSums.push(
			...(await sumsWith(least, certainOf(calls, whole), supposition, 'least')),
		);
	}

	const highSums = await sumsWith(
		mostOf(consortium),
		high.calls,
		suppose('high'),
		'most',
	);
	const sums = [
		...lowSums,
		usual,
		withinBudget(
			outermost([sumOf(high.calls), ...highSums], Math.max),
			high.calls,
			budgetUsd,
		),
	];

	return {
		calls: likely.calls,
		low: outermost(sums, Math.min),
		likely: usual,
		high: outermost([...sums, sumOf(likely.calls)], Math.max),
		basis,
		memory: await memoryForecast(
			consortium,
			prompt,
			suppose('likely', {iterations: Math.max(2, basis.iterations.likely)}),
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
	consortiums: Consortiums | undefined,
): ForecastBasis {
	const {minIterations, maxIterations} = consortium;
	const earlier = history?.iterations ?? [];
	const likely =
		earlier.length === 0 ? assumedIterations : spreadOf(earlier).likely;

	return {
		outputs: speakersOf(consortium, consortiums).map(
			speaker =>
				history?.outputs.find(
					({model, purpose}) =>
						model === speaker.model && purpose === speaker.purpose,
				) ?? {...speaker, ...assumedOutput},
		),
		iterations: {
			// What never took less may do so the next time.
			low: minIterations,
			likely: within(consortium, likely),
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

/**
A consortium inside another, followed as far as is supposed: no history is kept of how many iterations it takes.
*/
function insideOf(
	inner: SavedConsortium,
	degree: keyof Spread,
): SavedConsortium {
	const maxIterations = {
		low: inner.minIterations,
		likely: within(inner, assumedIterations),
		high: inner.maxIterations,
	}[degree];
	const changed = {
		low: leastOf(inner),
		likely: inner,
		high: mostOf(inner),
	}[degree];

	return {...changed, maxIterations};
}

const within = (
	{minIterations, maxIterations}: SavedConsortium,
	iterations: number,
) => Math.min(maxIterations, Math.max(minIterations, iterations));

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
How long the replies of a model are. Whatever an arbiter is asked, it is taken for a synthesis; what a member says of the answers of others, for as long as its own.
*/
function lengthIn(
	{outputs}: ForecastBasis,
	degree: keyof Spread,
	{model, purpose}: Pick<ForecastCall, 'model' | 'purpose'>,
): Length {
	const isAnswer = purpose === 'answer';
	const ofModel = outputs.filter(each => each.model === model);
	const {tokens, characters} =
		ofModel.find(each => (each.purpose === 'answer') === isAnswer) ??
		ofModel[0]!;

	return {tokens: tokens[degree], characters: characters[degree]};
}
