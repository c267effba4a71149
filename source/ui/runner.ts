import {Abort, type AbortKind} from '../core/abort.js';
import {type Instance, type SavedConsortium} from '../core/consortium.js';
import {type Conversation} from '../core/conversation.js';
import {type RunEvent} from '../core/events.js';
import {assertResumable} from '../core/resume.js';
import {createRunControl, type RunControl} from '../core/run-control.js';
import {type RunState} from '../core/run-state.js';
import {assigned} from '../core/strategies/known.js';
import {UserError} from '../core/user-error.js';
import {newcomerSentences} from '../text/newcomers.js';
import {type Notice} from './app-state.js';
import {type AppStore} from './app-store.js';
import {trustOf} from './overlays/trust.js';
import {type RunStore} from './run-store.js';
import {sentenceOf} from './sentence.js';
import {type Derived, type Services} from './services.js';
import {changedText, standingsText} from './standings.js';
import {type Terminal} from './terminal.js';
import {answerStart} from './transcript.js';
import {turnsAfter, turnViewOf} from './turn-view.js';

/**
The run that goes on, and the conversation it belongs to.
*/
export type Runner = {
	/**
	Ask. What is sent before the consortium is known, or while a run goes on, waits its turn.
	*/
	readonly send: (prompt: string) => void;

	/**
	Send what has been waiting, if nothing runs.
	*/
	readonly goOn: () => void;
	readonly cancel: (kind?: AbortKind) => void;

	/**
	Tell the run that waits for it whether its commands may be run.
	*/
	readonly answerTrust: (isTrusted: boolean) => void;

	/**
	The verbs of the run that goes on; null when none does.
	*/
	readonly control: () => RunControl | null;

	/**
	A run made from the one before, where there is one and `isPossible`.
	*/
	readonly derive: (
		made: Omit<Derived, 'run'>,
		isPossible?: (run: RunState) => boolean,
	) => void;

	/**
	Go on with the last run, under limits of which some are changed.

	@throws UserError when nothing of it is missing, and when it belongs to another conversation.
	*/
	readonly resume: (limits: Partial<SavedConsortium['limits']>) => void;

	/**
	Go on with a conversation, from the pictures of its runs.
	*/
	readonly take: (
		conversation: Conversation,
		pictures: readonly RunState[],
	) => void;

	/**
	Begin a new conversation.
	*/
	readonly forget: () => void;

	/**
	Of every run of the conversation, in order; the last one changes while it goes on.
	*/
	readonly pictures: () => readonly RunState[];

	/**
	What happens to the instances of a consortium that takes over, in a sentence; empty before the first question.
	*/
	readonly onSwitch: (consortium: SavedConsortium) => string;

	/**
	Who of them starts anew, in a sentence; empty when nobody does.
	*/
	readonly onChange: (consortium: SavedConsortium) => string;

	/**
	Those who would answer in the conversation, with the roles they are given in it.
	*/
	readonly instancesOf: (consortium: SavedConsortium) => readonly Instance[];

	/**
	Resolves when nothing runs any more.
	*/
	readonly settled: () => Promise<void>;
};

export type RunnerOptions = {
	readonly services: Services;
	readonly store: AppStore;
	readonly runs: RunStore;
	readonly terminal: Terminal;
};

type Going = {
	readonly control: RunControl;
	readonly answerTrust: (isTrusted: boolean) => void;
	readonly abort: AbortController;
	readonly ended: Promise<void>;
};

export function createRunner(options: RunnerOptions): Runner {
	const {services, store, runs} = options;
	let pictures: readonly RunState[] = [];
	let conversation: Conversation | null = null;
	let going: Going | null = null;

	const listen = (event: RunEvent) => {
		if (event.type === 'control' && event.refusal !== null) {
			tell(store, event.refusal, 'warn');
		}

		if (event.type !== 'run-start') {
			runs.listen(event);
			return;
		}

		const {conversationId, instances} = event;
		const changed = newcomerSentences({
			...event,
			instances: instances.filter(({standing}) => standing === 'changed'),
		});
		runs.reset();
		store.dispatch({
			type: 'instances',
			conversationId,
			instances: instances.map(({id}) => id),
		});
		runs.listen(event);
		pictures = [...pictures, runs.picture()];

		for (const sentence of changed) {
			tell(store, sentence);
		}
	};

	const start = (
		prompt: string,
		from: Derived | null,
		// What is made again is made with whom it was made.
		consortium = (from?.run.start ?? store.state().choice!).consortium,
	) => {
		const control = createRunControl();
		const abort = new AbortController();
		const trusted = Promise.withResolvers<boolean>();
		conversation ??= services.newConversation();
		const request = {
			consortium,
			prompt,
			conversation,
			control,
			signal: abort.signal,
			from,
			async confirm(commands: readonly string[]) {
				store.dispatch({type: 'asked', overlay: trustOf(commands)});
				return trusted.promise;
			},
		};
		abort.signal.addEventListener('abort', () => {
			trusted.resolve(false);
		});
		const ended = ask(
			options,
			async () => services.run(request, listen),
			request,
		).then(() => {
			going = null;
			goOn();
		});
		going = {control, abort, ended, answerTrust: trusted.resolve};
	};

	const goOn = () => {
		const {choice, queue} = store.state();
		const [next] = queue;

		if (choice && !going && next !== undefined) {
			store.dispatch({type: 'dequeued'});
			start(next, null);
		}
	};

	const instancesIn = (consortium: SavedConsortium) =>
		assigned(consortium, conversation?.id ?? '');

	return {
		send(prompt) {
			if (going !== null || !store.state().choice) {
				store.dispatch({type: 'queued', text: prompt});
			} else {
				start(prompt, null);
			}
		},
		goOn,
		cancel(kind = 'person') {
			if (going) {
				store.dispatch({type: 'cancelling'});
				going.abort.abort(new Abort(kind));
			}
		},
		answerTrust(isTrusted) {
			going?.answerTrust(isTrusted);
		},
		control: () => going?.control ?? null,
		derive(made, isPossible = () => true) {
			const run = runs.picture();

			if (run.result && isPossible(run)) {
				start(run.result.prompt, {...made, run});
			} else {
				tell(store, 'There is nothing to be done again.', 'warn');
			}
		},
		resume(limits) {
			const run = runs.picture();
			assertResumable(run);
			const {prompt, consortium, conversationId} = run.start!;

			if (conversationId !== conversation?.id) {
				throw new UserError(
					'The run that was broken off belongs to the conversation this is a fork of.',
					'Put the question again, or resume it there (Ctrl+O).',
				);
			}

			start(
				prompt,
				{kind: 'resume', run, redo: []},
				{...consortium, limits: {...consortium.limits, ...limits}},
			);
		},
		take(next, of) {
			const last = of.at(-1);
			conversation = next;
			pictures = of;

			if (last) {
				runs.show(last);
			} else {
				runs.reset();
			}
		},
		forget() {
			conversation = null;
			pictures = [];
			runs.reset();
		},
		pictures: () => pictures,
		onSwitch: consortium =>
			store.state().turns.length === 0
				? ''
				: standingsText(instancesIn(consortium), pictures),
		onChange: consortium => changedText(instancesIn(consortium), pictures),
		instancesOf: instancesIn,
		async settled() {
			await going?.ended;
		},
	};
}

const longRunMs = 10_000;

/**
Put a question and show how it ends. What was refused before anything was called goes back into the box.
*/
async function ask(
	{store, runs, terminal}: RunnerOptions,
	run: () => ReturnType<Services['run']>,
	{
		consortium,
		prompt,
		from,
	}: {
		readonly consortium: SavedConsortium;
		readonly prompt: string;
		readonly from: Derived | null;
	},
): Promise<void> {
	store.dispatch({type: 'began', prompt});
	terminal.title(`${consortium.name}: ${prompt}`);

	try {
		const result = await run();
		const turn = turnViewOf(runs.picture())!;
		const {turns, columns, settings} = store.state();
		store.dispatch({
			type: 'ended',
			turn,
			isCancelled: result.status === 'cancelled',
			top: answerStart(turnsAfter(turns, turn), columns),
		});

		if (settings.bell && result.durationMs > longRunMs) {
			terminal.notify(`${consortium.name}: ${result.status}`);
		}
	} catch (error) {
		store.dispatch({type: 'ended', turn: null, isCancelled: true, top: null});
		store.dispatch({type: 'returned', text: from ? '' : prompt});
		tell(store, sentenceOf(error), 'bad');
	}

	terminal.title('');
}

export function tell(
	{dispatch}: Pick<AppStore, 'dispatch'>,
	text: string,
	tone: Notice['tone'] = 'plain',
): void {
	dispatch({type: 'told', notice: {text, tone}});
}
