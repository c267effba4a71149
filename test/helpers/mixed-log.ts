import {type TestContext} from 'node:test';
import {type Log} from '../../source/store/log.js';
import {eventsOf} from './chats.js';
import {logWith} from './logs.js';

export const midnight = Date.UTC(2026, 0, 1);

/**
A log with a conversation of two turns, one of them judged again; a fork of it and a fork of that; a conversation of its own; a hidden one; what llm logged, with everything it hangs on a response; and a run that was found among it. Its values are of all kinds SQLite knows.
*/
export function mixedLog(t: TestContext): Log {
	const log = logWith(t, [
		...eventsOf({id: 'r1', chat: 'root', at: midnight, prompt: 'First?'}),
		...eventsOf({
			id: 'r2',
			chat: 'root',
			at: midnight + 1000,
			turn: 2,
			previous: 'r1',
		}),
		...eventsOf({
			id: 'r3',
			chat: 'root',
			at: midnight + 2000,
			turn: 2,
			kind: 'rearbitrate',
			previous: 'r1',
			derivedFrom: 'r2',
		}),
		...eventsOf({
			id: 'f1',
			chat: 'fork',
			at: midnight + 3000,
			turn: 2,
			previous: 'r1',
		}),
		...eventsOf({
			id: 'g1',
			chat: 'twig',
			at: midnight + 4000,
			turn: 3,
			previous: 'f1',
		}),
		...eventsOf({id: 's1', chat: 'solo', at: midnight + 5000}),
		...eventsOf({id: 'h1', chat: 'hidden', at: midnight + 6000}),
	]);
	log.exec(`
		INSERT INTO consortium_conversations VALUES
			('solo', 'Named', NULL), ('hidden', NULL, 7), ('old', 'Of llm', NULL);
		INSERT INTO conversations VALUES ('old', 'Seen', 'luna'), ('pair', 'Of a member', 'luna');
		INSERT INTO consortium_ratings VALUES ('rating', 's1', NULL, 'person', 0.1 + 0.2, NULL, 5);
		INSERT INTO consortium_chunks VALUES ('s1', 's1-luna-1', 'text', 'left over', 90, 5);
		INSERT INTO attachments VALUES
			('both', 'image/png', NULL, NULL, x'00ff00fe'),
			('mine', NULL, 'a' || char(0) || 'b', NULL, zeroblob(3)),
			('made', NULL, NULL, NULL, x'');
		INSERT INTO responses (rowid, id, model, prompt, system, response, conversation_id,
			datetime_utc, duration_ms, input_tokens, options_json)
		VALUES
			(1000, 'l1', 'luna', 'What have you seen?', char(0), 'A zebra.', 'old',
				'2025-01-01T00:00:00.000000+00:00', 9223372036854775807, 1.5, x'00ff'),
			(1003, 'L2', 'luna', CAST(x'ff41' AS TEXT), '', 'It''s a "tool"', 'old',
				'2025-02-01 00:00:00', -9223372036854775807, 9e999, 'text'),
			(1004, 'l3', 'luna', NULL, NULL, 12, NULL, 'no time', 'not a number', 1e-320, NULL),
			(1010, 'o1', 'duo', 'What?', NULL, 'Found.', 'old', '2025-03-01', 1, 1, NULL),
			(1011, 'm1', 'luna', 'What?', NULL, 'Found', 'pair', '2025-03-01', 1, 1, NULL),
			(1012, 'a1', 'opus', 'What?', NULL, 'Found!', NULL, '2025-03-01', 1, 1, NULL);
		UPDATE responses SET consortium_id = 'o1' WHERE id IN ('o1', 'm1', 'a1');
		INSERT INTO prompt_attachments VALUES ('l1', 'both', 0), ('L2', 'both', 1), ('l1', 'mine', 2);
		INSERT INTO fragments VALUES (7, 'hash', 'shared', '2025', NULL);
		INSERT INTO prompt_fragments VALUES ('l1', 7, 0);
		INSERT INTO system_fragments VALUES ('L2', 7, 0);
		INSERT INTO tools VALUES (3, 'hash', 'tool', NULL, NULL, NULL);
		INSERT INTO tool_responses VALUES (3, 'l1');
		INSERT INTO tool_calls VALUES (4, 'l1', 3, 'tool', '{}', 'call');
		INSERT INTO tool_results VALUES (5, 'L2', 3, 'tool', 'out', 'call', NULL, NULL);
		INSERT INTO tool_results_attachments VALUES (5, 'made', 0);
		INSERT INTO consortium_imported VALUES ('l1', 'source', 1, '{"reasoning":"why"}');
		INSERT INTO consortium_found_runs
			VALUES ('o1', 'o1', NULL, 'duo', 'opus', 'What?', 0.7, 1, 1, 2, '[]', NULL, NULL, 1);
		INSERT INTO consortium_found_responses VALUES
			('o1', 'o1', 'output', 0, NULL, NULL, 0.9, '[]', 'evidence', 1),
			('m1', 'o1', 'member', 0, 1, 'luna#1', 0.9, '[]', 'evidence', 1),
			('a1', 'o1', 'arbiter', 1, 1, NULL, 0.9, '[]', 'person', 1);
		INSERT INTO consortium_doubts VALUES
			('d1', 'o1', 'm1', 'weak', 'Little.', '[]', 0.1, 1, NULL, NULL, 1),
			('d2', NULL, 'l3', 'lonely', 'Alone.', '[]', NULL, 1, NULL, NULL, 1);
		INSERT INTO consortium_reservations VALUES ('s1-luna-1', 5, 0.25, 1, 'here', 0);
	`);
	return log;
}
