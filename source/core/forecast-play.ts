import {type Caching} from './caching.js';
import {parametersOf, type SavedConsortium} from './consortium.js';
import {createConversation, type Conversation} from './conversation.js';
import {type KeptTexts} from './forecast-cache.js';
import {copyOf} from './forecast-conversation.js';
import {
	createListener,
	scopeIn,
	type ForecastCall,
} from './forecast-listener.js';
import {supposingObserver} from './forecast-observer.js';
import {standIn, type Counted, type Temper} from './forecast-stand-in.js';
import {type Model} from './model.js';
import {
	deepest,
	nestedAs,
	noConsortiums,
	wholeOf,
	type Consortiums,
} from './nesting.js';
import {noObserver, type Observer} from './observation.js';
import {type Roles} from './roles.js';
import {runConsortium} from './run-consortium.js';
import {embeddingOf} from './strategies/semantic.js';
import {type Templates} from './template.js';
import {type World} from './world.js';

export type ForecastOptions = {
	readonly models: ReadonlyMap<string, Model>;
	readonly templates: Templates;
	readonly world: World;

	/**
	The conversation the question would go on with; it stays as it is.
	*/
	readonly conversation?: Conversation;
	readonly caching?: Partial<Caching>;
	readonly consortiums?: Consortiums;
	readonly roles?: Roles;

	/**
	What knows the price of comparing answers by an embedding model; without it that counts as free.
	*/
	readonly observer?: Pick<Observer, 'priceOf'>;
};

/**
What is supposed of a run.
*/
export type Supposition = Temper & {
	/**
	It is not followed further than this.
	*/
	readonly iterations: number;

	/**
	The consortiums inside of it, and how far those are followed that they make.
	*/
	readonly insideOf: (inner: SavedConsortium) => SavedConsortium;
};

export type Played = {
	readonly calls: readonly ForecastCall[];

	/**
	The limit that ended it, in a sentence.
	*/
	readonly limit: string | null;

	/**
	False when there are more calls than were followed.
	*/
	readonly isComplete: boolean;
};

/**
A longer run is not forecast to its end.
*/
const mostCalls = 1000;

/**
Run a consortium with models that answer at once, as long as is supposed.

@throws UserError for what forbids the run.
*/
export async function playForecast(
	consortium: SavedConsortium,
	prompt: string,
	supposition: Supposition,
	{
		models,
		conversation,
		consortiums = noConsortiums,
		observer = noObserver,
		...options
	}: ForecastOptions,
): Promise<Played> {
	const world = timeless(options.world);
	const kept: KeptTexts = new Map();
	// A transcript has one request at a time.
	const counts = new Map<string, Counted>();
	const embedded = new Map<string, number>();
	const whole = wholeOf(consortium, consortiums);
	const isWeighedInside = whole.some(each =>
		each.arbiters.some(({model}) => nestedAs(model, each, consortiums)),
	);
	const outermost = scopeIn('', [], consortium);
	const listener = createListener(outermost, {
		isLucky: supposition.isLucky,
		models,
		counts,
		embedded,
	});
	const {calls} = listener;
	const setting = {
		temper: supposition,
		kept,
		counts,
		iteration: () => outermost.iteration,
		hasInner: whole.length > 1,
		isRanked: whole.some(each => parametersOf(each, 'elimination')),
		verdicts: isWeighedInside ? deepest : 1,
	};

	const run = runConsortium(unworded(consortium), prompt, {
		...options,
		world,
		models: new Map(
			[...models].map(([name, model]) => [name, standIn(name, model, setting)]),
		),
		consortiums: new Map(
			[...consortiums].map(([name, inner]) => [
				name,
				unworded(supposition.insideOf(inner)),
			]),
		),
		conversation: conversation
			? copyOf(conversation, world, kept)
			: createConversation(world),
		observer: supposingObserver(observer, embedded),
		signal: new AbortController().signal,
	});

	for await (const event of run) {
		if (
			event.type === 'iteration-start' &&
			event.iteration > supposition.iterations
		) {
			return {calls, limit: listener.cut(), isComplete: true};
		}

		listener.hear(event);

		if (event.type === 'run-end') {
			const {status, reasons} = event.result;
			const limit =
				listener.cut() ?? (status === 'limited' ? reasons[0]! : null);
			return {calls, limit, isComplete: true};
		}

		if (calls.length >= mostCalls) {
			break;
		}
	}

	return {calls, limit: listener.cut(), isComplete: false};
}

/**
A condition that the forecast's observer finds unmet; nothing is run.
*/
const neverMet = 'command:false';

/**
A consortium that does not go by what is said, since stand-ins say nothing of their own: wording compares nobody, and conditions are not met.
*/
function unworded(consortium: SavedConsortium): SavedConsortium {
	return {
		...consortium,
		strategies:
			embeddingOf(consortium) === null
				? consortium.strategies.filter(({name}) => name !== 'semantic')
				: consortium.strategies,
		until: consortium.until.length === 0 ? [] : [neverMet],
	};
}

/**
The same world in which no time passes: nobody is too late in it.
*/
function timeless(world: World): World {
	const now = world.now();

	return {
		...world,
		now: () => now,
		async sleep(_delayMs, signal) {
			await new Promise<void>(resolve => {
				if (signal.aborted) {
					resolve();
				}

				signal.addEventListener('abort', () => {
					resolve();
				});
			});
		},
	};
}
