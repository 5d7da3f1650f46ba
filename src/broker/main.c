/*
 * The broker program: takes three descriptors from the supervisor, confines
 * itself, and serves until the control socket closes.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/file.h"
#include "broker/broker.h"

enum { MAX_CONFIG = 1024 * 1024, ARENA_LIMIT = 8 * 1024 * 1024, STACK_BYTES = 256 * 1024 };

struct job {
	const struct broker_config *config;
	sem_t *places;
	int client;
};

static void *work(void *given)
{
	struct job *job = given;

	broker_serve(job->config, job->client);
	sem_post(job->places);
	free(job);
	return NULL;
}

static bool start(const struct broker_config *config, sem_t *places, int client)
{
	struct job *job = malloc(sizeof *job);
	pthread_attr_t attributes;
	pthread_t thread;
	bool started;

	if (!job || pthread_attr_init(&attributes) != 0) {
		free(job);
		return false;
	}
	*job = (struct job){ config, places, client };
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	started = pthread_create(&thread, &attributes, work, job) == 0;
	pthread_attr_destroy(&attributes);
	if (!started)
		free(job);
	return started;
}

/* Keys are in this process's memory: no dump, no tracer, no new rights, nothing to run. */
static bool confine(void)
{
	struct rlimit none = { 0, 0 };

	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 &&
	       prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0;
}

/* Until the supervisor is gone. */
static void accept_all(const struct broker_config *config, sem_t *places)
{
	struct pollfd fds[2] = { { .fd = BROKER_CONTROL_FD, .events = POLLIN },
		                 { .fd = BROKER_LISTEN_FD, .events = POLLIN } };

	for (;;) {
		int client;

		if (poll(fds, 2, -1) < 0) {
			if (errno == EINTR)
				continue;
			return;
		}
		if (fds[0].revents)
			return;
		client = accept4(BROKER_LISTEN_FD, NULL, NULL, SOCK_CLOEXEC);
		if (client < 0)
			continue;
		/* No place: the client is turned away rather than made to wait for ever. */
		if (sem_trywait(places) != 0) {
			close(client);
		} else if (!start(config, places, client)) {
			sem_post(places);
			close(client);
		}
	}
}

int main(void)
{
	struct broker_config config;
	struct problem problem = { 0 };
	struct arena arena;
	struct span json;
	sem_t places;

	signal(SIGPIPE, SIG_IGN);
	arena_init(&arena, ARENA_LIMIT);
	if (!confine() || sem_init(&places, 0, BROKER_MAX_CONNECTIONS) != 0) {
		perror("bailiff broker: cannot confine itself");
		return 70;
	}
	if (!file_read_fd(BROKER_CONFIG_FD, MAX_CONFIG, &arena, &json, &problem) ||
	    !broker_config_read(json, &arena, &config, &problem)) {
		fprintf(stderr, "bailiff broker: configuration, byte %zu: %s\n", problem.offset,
		        problem.what);
		return 65;
	}
	close(BROKER_CONFIG_FD);
	accept_all(&config, &places);
	/* Threads may still be at work: leave without waiting for them. */
	_exit(0);
}
