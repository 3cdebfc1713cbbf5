using k8s.Models;

namespace Saccade.Api.Tests.Deploy;

/// <summary>The batch overlay: every image in one share, every share by one pod at a time, and all of them merged.</summary>
public sealed class BatchTests
{
    private static V1JobSpec Predict => Manifest.Single<V1Job>(Manifest.Overlay("batch")).Spec;

    private static V1JobSpec Merge => Manifest.Single<V1Job>(Manifest.Overlay("batch/merge")).Spec;

    [KubectlFact]
    public void Shares_OfJobAndMerge_AreAsManyAsThereAreIndexes()
    {
        var arguments = Assert.Single(Predict.Template.Spec.Containers).Args;
        var merged = Assert.Single(Assert.Single(Merge.Template.Spec.Containers).Args);
        var result = Path.ChangeExtension(After("--out"), null);

        Assert.Equal("Indexed", Predict.CompletionMode);
        // Kubernetes puts the variable in: the Job's controller adds it to the container's environment.
        Assert.Equal($"$(JOB_COMPLETION_INDEX)/{Predict.Completions}", After("--shard"));
        Assert.Contains($" {result}.shard-*-of-{Predict.Completions}.jsonl", merged, StringComparison.Ordinal);

        string After(string option) => arguments[arguments.IndexOf(option) + 1];
    }

    /// <summary>The images have the folder models as /models.</summary>
    [KubectlFact]
    public void Model_OfTheJob_IsInTheImage()
    {
        var arguments = Assert.Single(Predict.Template.Spec.Containers).Args;
        var model = arguments[arguments.IndexOf("--model") + 1];

        Assert.StartsWith("/models/", model, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Repository.PathOf(model.TrimStart('/'))), model);
    }

    [KubectlFact]
    public void Share_ThatFails_IsTriedAgainByItselfAndNeverByTwoPods()
    {
        Assert.True(Predict.BackoffLimitPerIndex > 0);
        Assert.Equal(Predict.Completions, Predict.MaxFailedIndexes);
        Assert.Equal("Failed", Predict.PodReplacementPolicy);
        // A backoff for each index is for pods that never restart in place.
        Assert.Equal("Never", Predict.Template.Spec.RestartPolicy);
        var disruption = Assert.Single(Predict.PodFailurePolicy.Rules);
        Assert.Equal(("Ignore", "DisruptionTarget"), (disruption.Action, Assert.Single(disruption.OnPodConditions).Type));
    }

    [KubectlFact]
    public void Pods_OfBothJobs_YieldToServingAndShareTheResults()
    {
        var batch = Manifest.Single<V1PriorityClass>(Manifest.Overlay("batch"));
        var results = Manifest.Single<V1PersistentVolumeClaim>(Manifest.Overlay("batch"));

        Assert.True(batch.Value < Manifest.Single<V1PriorityClass>(Manifest.Overlay("cpu")).Value);
        Assert.Equal(["ReadWriteMany"], results.Spec.AccessModes);
        foreach (var pod in new[] { Predict.Template.Spec, Merge.Template.Spec })
        {
            var container = Assert.Single(pod.Containers);
            Assert.Equal(batch.Metadata.Name, pod.PriorityClassName);
            Assert.Contains(pod.Volumes, volume => volume.PersistentVolumeClaim?.ClaimName == results.Metadata.Name);
            Assert.All(container.VolumeMounts, mount => Assert.Contains(mount.Name, pod.Volumes.Select(static volume => volume.Name)));
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem);
            Assert.True(pod.SecurityContext.RunAsNonRoot);
        }
    }

    /// <summary>The image has the tool that the Job and the merge call.</summary>
    [KubectlFact]
    public void Commands_AreTheImagesProgram()
    {
        var dockerfile = Repository.Read("Dockerfile");

        Assert.Contains(" AS tools", dockerfile, StringComparison.Ordinal);
        Assert.Contains("""ENTRYPOINT ["dotnet", "Saccade.Training.dll"]""", dockerfile, StringComparison.Ordinal);
        Assert.Equal("predict", Assert.Single(Predict.Template.Spec.Containers).Args[0]);
        Assert.StartsWith(
            "exec dotnet Saccade.Training.dll predict merge ",
            Assert.Single(Assert.Single(Merge.Template.Spec.Containers).Args),
            StringComparison.Ordinal
        );
    }

    [KubectlFact]
    public void Options_OfTheJob_AreOnTheToolsPage()
    {
        var page = Repository.Read("docs", "predict.md");
        var options = Assert
            .Single(Predict.Template.Spec.Containers)
            .Args.Where(static argument => argument.StartsWith("--", StringComparison.Ordinal))
            .ToList();

        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Contains($"| `{option}", page, StringComparison.Ordinal));
        Assert.Contains("predict merge ", page, StringComparison.Ordinal);
    }
}
