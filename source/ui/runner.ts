import {Abort, type AbortKind} from '../core/abort.js';
import {instancesOf, type SavedConsortium} from '../core/consortium.js';
import {type Conversation} from '../core/conversation.js';
import {type RunEvent} from '../core/events.js';
import {createRunControl, type RunControl} from '../core/run-control.js';
import {type RunState} from '../core/run-state.js';
import {type Notice} from './app-state.js';
import {type AppStore} from './app-store.js';
import {type RunStore} from './run-store.js';
import {sentenceOf} from './sentence.js';
import {type Derived, type Services} from './services.js';
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
	Begin a new conversation.
	*/
	readonly forget: () => void;

	/**
	What happens to the instances of a consortium that takes over, in a sentence; empty before the first question.
	*/
	readonly onSwitch: (consortium: SavedConsortium) => string;

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
	readonly abort: AbortController;
	readonly ended: Promise<void>;
};

export function createRunner(options: RunnerOptions): Runner {
	const {services, store, runs} = options;
	const heard = new Set<string>();
	let conversation: Conversation | null = null;
	let going: Going | null = null;

	const listen = (event: RunEvent) => {
		if (event.type === 'run-start') {
			runs.reset();
			store.dispatch({
				type: 'instances',
				instances: event.instances.map(({id}) => id),
			});

			for (const speaker of event.instances) {
				heard.add(speakerKey(speaker));
			}
		}

		if (event.type === 'control' && event.refusal !== null) {
			tell(store, event.refusal, 'warn');
		}

		runs.listen(event);
	};

	const start = (prompt: string, from: Derived | null) => {
		// What is made again is made with whom it was made.
		const {consortium} = from?.run.start ?? store.state().choice!;
		const control = createRunControl();
		const abort = new AbortController();
		conversation ??= services.newConversation();
		const request = {
			consortium,
			prompt,
			conversation,
			control,
			signal: abort.signal,
			from,
		};
		const ended = ask(
			options,
			async () => services.run(request, listen),
			request,
		).then(() => {
			going = null;
			goOn();
		});
		going = {control, abort, ended};
	};

	const goOn = () => {
		const {choice, queue} = store.state();
		const [next] = queue;

		if (choice && !going && next !== undefined) {
			store.dispatch({type: 'dequeued'});
			start(next, null);
		}
	};

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
		control: () => going?.control ?? null,
		derive(made, isPossible = () => true) {
			const run = runs.picture();

			if (run.result && isPossible(run)) {
				start(run.result.prompt, {...made, run});
			} else {
				tell(store, 'There is nothing to be done again.', 'warn');
			}
		},
		forget() {
			conversation = null;
			heard.clear();
			runs.reset();
		},
		onSwitch: consortium =>
			store.state().turns.length === 0 ? '' : goesOn(consortium, heard),
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

function goesOn(
	consortium: SavedConsortium,
	heard: ReadonlySet<string>,
): string {
	const instances = instancesOf(consortium);
	const known = instances.filter(each => heard.has(speakerKey(each))).length;
	const fresh = instances.length - known;

	return [
		'The conversation goes on.',
		known > 0 &&
			`${counted(known)} keep${known === 1 ? 's its' : ' their'} own.`,
		fresh > 0 &&
			`${counted(fresh)} ${fresh === 1 ? 'is' : 'are'} new to it, and told the questions and final answers so far.`,
	]
		.filter(Boolean)
		.join(' ');
}

const counted = (count: number) => `${count} instance${count === 1 ? '' : 's'}`;

/**
Who is the same speaker to a conversation.
*/
const speakerKey = ({
	id,
	model,
	system,
}: {
	readonly id: string;
	readonly model: string;
	readonly system: string | null;
}) => JSON.stringify([id, model, system]);
