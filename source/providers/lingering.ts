/**
The events of a reply, and what still follows once it is complete: its connection serves the next call only when it was read to its end. `finished` is null while the reply goes on, then how much it said. A server that says it is complete, does not end it and adds nothing is left after `afterFinishMs`, and nothing that goes wrong then costs the reply.
*/
export async function* lingering<Event>(
	events: AsyncIterable<Event>,
	finished: () => number | null,
	{
		leave,
		afterFinishMs,
	}: {readonly leave: () => void; readonly afterFinishMs: number},
): AsyncGenerator<Event, void, void> {
	let leaving: NodeJS.Timeout | undefined;
	let before: number | null = null;

	try {
		for await (const event of events) {
			yield event;

			const now = finished();

			if (now !== before) {
				clearTimeout(leaving);
				leaving = now === null ? undefined : setTimeout(leave, afterFinishMs);
				before = now;
			}
		}
	} catch (error) {
		if (finished() === null) {
			throw error;
		}
	} finally {
		clearTimeout(leaving);
	}
}
