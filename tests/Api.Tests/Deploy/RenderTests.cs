using System.Text;
using System.Text.RegularExpressions;
using k8s.Models;
using Saccade.Api.Access;

namespace Saccade.Api.Tests.Deploy;

/// <summary>Every overlay and component of deploy/kubernetes renders, to objects without a field that their types have not.</summary>
public sealed partial class RenderTests : IDisposable
{
    private static readonly string Kubernetes = Repository.PathOf("deploy", "kubernetes");

    private readonly string _folder = Directory.CreateTempSubdirectory("saccade-overlay-").FullName;

    /// <summary>Every folder below overlays that has a kustomization.</summary>
    public static TheoryData<string> Overlays { get; } =
    [.. Folders("overlays").Select(folder => Path.GetRelativePath(Path.Combine(Kubernetes, "overlays"), folder))];

    /// <summary>Every component.</summary>
    public static TheoryData<string> Components { get; } =
    [.. Folders("components").Select(folder => Path.GetRelativePath(Path.Combine(Kubernetes, "components"), folder))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public void Overlay_Any_IsReadStrictly(string overlay)
    {
        var manifests = Manifest.Overlay(overlay);

        Assert.NotEmpty(manifests);
        Assert.All(manifests, static manifest => Assert.NotNull(manifest.Read()));
        Assert.Distinct(manifests.Select(static manifest => (manifest.Kind, manifest.Name)));
        Assert.All(
            manifests,
            static manifest => Assert.Contains("app.kubernetes.io/name: saccade", manifest.Yaml, StringComparison.Ordinal)
        );
    }

    [KubectlTheory]
    [MemberData(nameof(Overlays))]
    public void Image_OfOurs_IsADigestThatIsPlainlyToBeSet(string overlay)
    {
        var images = Manifest.Overlay(overlay).SelectMany(static manifest => Image().Matches(manifest.Yaml)).ToList();

        Assert.NotEmpty(images);
        Assert.All(
            images,
            static image => Assert.Matches(@"^registry\.example\.com/saccade/[a-z]+@sha256:0{64}$", image.Groups["image"].Value)
        );
    }

    [KubectlTheory]
    [MemberData(nameof(Components))]
    public void Component_OnAnOverlay_IsReadStrictly(string component)
    {
        // keda and nvidia have the component monitoring already, as cpu does; nobody can add it twice.
        var overlay = component == "monitoring" ? "base" : Path.Combine("overlays", "cpu");
        Write(
            "kustomization.yaml",
            $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [{FromHere(Kubernetes, overlay)}]
            components: [{FromHere(Kubernetes, "components", component)}]
            """
        );

        var manifests = Manifest.Kustomize(_folder);

        Assert.All(manifests, static manifest => Assert.NotNull(manifest.Read()));
        var pod = Manifest.Single<V1Deployment>(manifests).Spec.Template.Spec;
        var volumes = pod.Volumes.Select(static volume => volume.Name).ToList();
        foreach (var container in pod.Containers.Concat(pod.InitContainers ?? []))
        {
            Assert.All(container.VolumeMounts, mount => Assert.Contains(mount.Name, volumes));
            Assert.True(container.SecurityContext.ReadOnlyRootFilesystem, container.Name);
            Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
            Assert.Contains("memory", container.Resources.Limits.Keys);
            Assert.Matches("@sha256:|:v?[0-9]+[.][0-9]+|^saccade$", container.Image);
        }
    }

    [KubectlTheory]
    [InlineData("model-volume")]
    [InlineData("model-oci")]
    [InlineData("model-s3")]
    public void Component_WithModels_PutsThemWhereTheServiceReadsThem(string component)
    {
        Write(
            "kustomization.yaml",
            $"""
            apiVersion: kustomize.config.k8s.io/v1beta1
            kind: Kustomization
            resources: [{FromHere(Kubernetes, "base")}]
            components: [{FromHere(Kubernetes, "components", component)}]
            """
        );
        var pod = Manifest.Single<V1Deployment>(Manifest.Kustomize(_folder)).Spec.Template.Spec;
        var service = Assert.Single(pod.Containers);
        var path = service.Env.Single(static setting => setting.Name == "Models__Path").Value;
        var mount = Assert.Single(service.VolumeMounts, mount => mount.MountPath == path);

        Assert.True(mount.ReadOnlyProperty);
        Assert.All(
            pod.InitContainers ?? [],
            container =>
            {
                Assert.Equal(path, Assert.Single(container.VolumeMounts, other => other.Name == mount.Name).MountPath);
                Assert.Contains(path, container.Args);
            }
        );
    }

    /// <summary>The overlay and the keys that deploy/README.md tells an operator to write.</summary>
    [KubectlFact]
    public void Readme_OverlayOfYourOwn_RendersWithItsKeysImagesAndHost()
    {
        var page = Repository.Read("deploy", "README.md");
        var overlay = YamlBlock().Match(page).Groups["text"].Value;
        var keys = JsonBlock().Match(page).Groups["text"].Value;
        Assert.NotEmpty(overlay);
        Assert.NotEmpty(keys);
        Directory.CreateDirectory(Path.Combine(_folder, "saccade-prod"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "saccade"), Repository.PathOf());
        Write(Path.Combine("saccade-prod", "kustomization.yaml"), overlay);
        Write(Path.Combine("saccade-prod", "keys.json"), keys);

        var manifests = Manifest.Kustomize(Path.Combine(_folder, "saccade-prod"));

        Assert.All(manifests, static manifest => Assert.NotNull(manifest.Read()));
        var pod = Manifest.Single<V1Deployment>(manifests).Spec.Template.Spec;
        Assert.DoesNotContain(manifests, static manifest => manifest.Yaml.Contains(new string('0', 64), StringComparison.Ordinal));
        Assert.Equal("classify.example.org", Assert.Single(Manifest.Single<V1Ingress>(manifests).Spec.Rules).Host);

        // The Secret is the one that the pod mounts, and the service can read what is in it.
        var secret = Manifest.Single<V1Secret>(manifests);
        Assert.Contains(pod.Volumes, volume => volume.Secret?.SecretName == secret.Metadata.Name);
        var file = Assert.Single(secret.Data);
        var setting = Assert.Single(pod.Containers).Env.Single(static setting => setting.Name == "Keys__File").Value;
        Assert.Equal(Path.GetFileName(setting), file.Key);
        using var content = new MemoryStream(file.Value);
        var read = KeyFile.Parse(content, file.Key);
        Assert.Contains(read, static key => key.Role == KeyRole.Admin);
        Assert.Contains(read, static key => key.Role == KeyRole.Classify);
    }

    [Theory]
    [InlineData("Deployment", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: x }\nspec: { replica: 2 }")]
    [InlineData("Deployment", "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: x }\nspec: { replicas: two }")]
    [InlineData("ScaledObject", "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: { name: x }\nspec: { minReplicas: 2 }")]
    [InlineData("ScaledObject", "apiVersion: keda.sh/v1alpha1\nkind: ScaledObject\nmetadata: { name: x }\nspec: { pollingInterval: 15s }")]
    public void Read_FieldOrTypeThatIsNotThere_Fails(string kind, string yaml) =>
        Assert.ThrowsAny<YamlDotNet.Core.YamlException>(() => new Manifest(kind, "x", yaml).Read());

    private static IEnumerable<string> Folders(string parent) =>
        Directory
            .EnumerateFiles(Path.Combine(Kubernetes, parent), "kustomization.yaml", SearchOption.AllDirectories)
            .Select(static file => Path.GetDirectoryName(file)!)
            .Order(StringComparer.Ordinal);

    // Kustomize takes no absolute path.
    private string FromHere(params string[] parts) => Path.GetRelativePath(_folder, Path.Combine(parts));

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text, Encoding.UTF8);

    [GeneratedRegex(
        @"^\s+(- )?image: (?<image>\S+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Image();

    [GeneratedRegex(@"```yaml\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"```json\n(?<text>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex JsonBlock();
}
