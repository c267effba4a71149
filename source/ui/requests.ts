import {type SavedConsortium} from '../core/consortium.js';
import {type ConversationEntry, type DoubtEntry} from './log-entries.js';
import {
	type Check,
	type Choice,
	type KeyEntry,
	type ModelEntry,
	type Settings,
} from './services.js';

/**
What the screen wants done outside of it: a key was pressed, and the state alone cannot answer.
*/
export type Request =
	/**
	Text of the person, a question or a slash command.
	*/
	| {readonly type: 'send'; readonly text: string}
	| {readonly type: 'cancel'}

	/**
	Whether the commands that were shown may be run.
	*/
	| {readonly type: 'trust'; readonly isTrusted: boolean}
	| {readonly type: 'answer-now'}
	| {readonly type: 'stop'; readonly instance: string}
	| {readonly type: 'retry'; readonly instances: readonly string[]}
	| {
			readonly type: 'swap';
			readonly instance: string;
			readonly model: string;

			/**
			The person knows what it breaks off.
			*/
			readonly isConfirmed?: true;
	  }
	| {readonly type: 'leave-out'; readonly instance: string}
	| {readonly type: 'judge-again'}
	| {readonly type: 'rate'; readonly score: 0 | 1}
	| {readonly type: 'new-conversation'}

	/**
	Read a conversation of the log, at the place where words were found.
	*/
	| {
			readonly type: 'open-conversation';
			readonly entry: Pick<
				ConversationEntry,
				'id' | 'title' | 'isImported' | 'hit'
			>;
	  }

	/**
	Go on with a conversation of the log; with a turn, in a fork after it.
	*/
	| {
			readonly type: 'continue';
			readonly id: string;
			readonly afterTurn: number | null;
	  }

	/**
	The same for the conversation on the screen. `question` is the one that was stepped back behind.
	*/
	| {
			readonly type: 'fork';
			readonly afterTurn: number;
			readonly question: string | null;
	  }
	| {
			readonly type: 'rename-conversation';
			readonly id: string;
			readonly name: string;
	  }
	| {readonly type: 'delete-conversation'; readonly id: string}
	| {readonly type: 'restore-conversation'; readonly id: string}

	/**
	Decide what the search for runs was not sure of; `choice` is that of a proposal, from 0, or null for none.
	*/
	| {
			readonly type: 'decide-doubt';
			readonly id: string;
			readonly choice: number | null;
	  }
	/**
	With null the latest of all.
	*/
	| {readonly type: 'undo-decision'; readonly id: string | null}

	/**
	Go on with the last run, under another budget where one is named.
	*/
	| {readonly type: 'resume'; readonly budgetUsd: number | null}

	/**
	Use another consortium from the next question on.
	*/
	| {readonly type: 'switch'; readonly choice: Choice}

	/**
	The same once the person knows what it breaks off, with what to say then.
	*/
	| {readonly type: 'use'; readonly choice: Choice; readonly notice: string}
	| {
			readonly type: 'save';
			readonly consortium: SavedConsortium;
			readonly replaces: string | null;
	  }
	| {readonly type: 'remove'; readonly name: string}
	| {readonly type: 'make-default'; readonly name: string}
	| {
			readonly type: 'store-key';
			readonly provider: string;
			readonly key: string;
	  }
	| {readonly type: 'settings'; readonly settings: Settings}

	/**
	Change one thing of the consortium in use, for this session.
	*/
	| {readonly type: 'set'; readonly key: string; readonly value: string}
	| {readonly type: 'load'; readonly what: Wanted}
	| {readonly type: 'copy'; readonly text: string}
	| {readonly type: 'copy-pane'; readonly instance: string}
	| {readonly type: 'view-pane'; readonly instance: string}

	/**
	Keep what was sent for later sessions.
	*/
	| {readonly type: 'remember'; readonly text: string}
	| {readonly type: 'export'; readonly file: string}

	/**
	Edit what is typed, or read a text, in the person's editor.
	*/
	| {readonly type: 'edit-draft'}
	| {readonly type: 'view'; readonly text: string}
	| {readonly type: 'redraw'}
	| {readonly type: 'suspend'}
	| {readonly type: 'leave'};

/**
What an overlay needs to know before it can show it.
*/
export type Wanted =
	| {readonly kind: 'consortiums'}
	| {readonly kind: 'models'}
	| {readonly kind: 'keys'}
	| {readonly kind: 'check'; readonly consortium: SavedConsortium}

	/**
	What all conversations took today.
	*/
	| {readonly kind: 'spending'}

	/**
	What it costs more to have these transcripts read anew, by the tokens that are kept of them.
	*/
	| {
			readonly kind: 'rereads';
			readonly prefixes: ReadonlyArray<{
				readonly transcriptId: string;
				readonly model: string;
				readonly tokens: number;
			}>;
	  }

	/**
	The text after the person had it in their editor.
	*/
	| {readonly kind: 'edited'; readonly text: string}
	| {
			readonly kind: 'conversations';
			readonly query: string;
			readonly before: ConversationEntry | null;
	  }

	/**
	What waits for a decision, after the last that is known.
	*/
	| {readonly kind: 'doubts'; readonly after: string | null}

	/**
	What was asked in a conversation.
	*/
	| {readonly kind: 'questions'; readonly id: string};

/**
What was wanted, when it has come.
*/
export type Loaded =
	| {readonly kind: 'consortiums'; readonly choices: readonly Choice[]}
	| {readonly kind: 'models'; readonly models: readonly ModelEntry[]}
	| {readonly kind: 'keys'; readonly keys: readonly KeyEntry[]}
	| {
			readonly kind: 'check';
			readonly consortium: SavedConsortium;
			readonly check: Check;
	  }

	/**
	A second has passed: for what counts down, while it is open. Milliseconds since the Unix epoch.
	*/
	| {readonly kind: 'time'; readonly now: number}

	/**
	In US dollars; null when that is unknown.
	*/
	| {readonly kind: 'spending'; readonly todayUsd: number | null}
	| {
			readonly kind: 'rereads';
			readonly usd: ReadonlyMap<string, number | null>;
	  }

	/**
	`text` is null when it was left as it was.
	*/
	| {
			readonly kind: 'edited';
			readonly before: string;
			readonly text: string | null;
	  }
	| {
			readonly kind: 'conversations';
			readonly query: string;
			readonly before: ConversationEntry | null;
			readonly entries: readonly ConversationEntry[];
	  }
	| {
			readonly kind: 'questions';
			readonly id: string;
			readonly questions: readonly Question[];
	  }

	/**
	`open` is how many there are in all.
	*/
	| {
			readonly kind: 'doubts';
			readonly after: string | null;
			readonly entries: readonly DoubtEntry[];
			readonly open: number;
	  }

	/**
	What became of a doubt.
	*/
	| {
			readonly kind: 'doubt';
			readonly id: string;
			readonly became: 'decided' | 'open';
	  }

	/**
	What became of a conversation in the log.
	*/
	| {
			readonly kind: 'conversation';
			readonly id: string;
			readonly became: 'renamed' | 'deleted' | 'restored';
	  };

/**
One that can be forked after.
*/
export type Question = {readonly turn: number; readonly prompt: string};
